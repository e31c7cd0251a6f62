"""What a search may be after: a score of the protocol, at its best during training or at the end."""

import keras_tuner

from wgan_keras import metrics
from wgan_keras._text import did_you_mean
from wgan_keras.games import GAMES
from wgan_keras.models.composition import CLASSIFICATION_LOGS
from wgan_keras.objectives import OBJECTIVES
from wgan_keras.penalties import PENALTIES

TOLD = ("iterations", "critic_updates", "seconds", "failed")  # of every trial, beside its scores


def objective(protocol: str, name: str | None = None, at: str = "best") -> keras_tuner.Objective:
    """The `keras_tuner.Objective` for a score.

    Args:
        protocol: a protocol's name, such as "fid_fashion_mnist_classifier_10k".
        name: a score of that protocol as the logs call it, such as "val_fid"; None takes the first.
        at: "best", over the evaluations of a trial, or "end".

    Raises:
        ValueError: what the game logs, such as a loss, with the reason; a score the protocol does not give.
    """
    protocol = metrics.parse_protocol(protocol)
    scores = _scores(protocol)
    name = name or (scores[0] if scores else "val_fid")
    _check_score(name, protocol)
    if at not in ("best", "end"):
        raise ValueError(f"The objective is taken at {at!r}; expected 'best' or 'end'.")
    return keras_tuner.Objective(name if at == "best" else f"{name}_final", _direction(name))


def check_objective(goal, protocol):
    """ValueError if trials cannot be compared by a `keras_tuner.Objective`, or are by its direction the wrong way.

    Args:
        goal: the objective.
        protocol: the `metrics.Protocol` of the trials' scores.
    """
    name = goal.name.removesuffix("_final")
    if name in TOLD:
        return
    _check_score(name, protocol)
    if goal.direction != _direction(name):
        better = {"min": "less", "max": "more"}[_direction(name)]
        raise ValueError(
            f"The objective {goal.name!r} has the direction {goal.direction!r}; expected {_direction(name)!r}, "
            f"since of this score {better} is better."
        )


def _direction(name):
    return "max" if metrics.higher_is_better(name.removeprefix("val_")) else "min"


def _check_score(name, protocol):
    """ValueError if `name` is none of the protocol's scores; with the reason for what the game logs of its networks."""
    scores = _scores(protocol)
    if name in scores:
        return
    if _is_of_the_game(name):
        raise ValueError(
            f"The objective is {name!r}, whose scale depends on the hyperparameters (the clip value and the penalty "
            "weight set the critic's slope, n_critic its lead), so that trials cannot be compared by it. "
            f"Use a score of samples; {_given(protocol)}."
        )
    raise ValueError(f"The objective is {name!r}{did_you_mean(name, scores)}; {_given(protocol)}.")


def _is_of_the_game(name):
    """Whether a game or a part of one logs it, in training or of held-out images."""
    things = (each for registry in (GAMES, PENALTIES, OBJECTIVES) for each in registry.values())
    told = [thing.log_names for thing in things if isinstance(thing.log_names, tuple | list)]  # not of a property
    logged = {*CLASSIFICATION_LOGS}.union(*told)
    return "loss" in name or name.removeprefix("val_").removesuffix("_final") in logged


def _given(protocol):
    return f"{protocol.name} gives {', '.join(_scores(protocol)) or 'none to search by'}"


def _scores(protocol):
    return [f"val_{name}" for name, score in protocol.scores.items() if score.better is not None]


def summary(history):
    """{"val_fid": at its best, "val_fid_final": at the end, ...} from the entries of `callbacks.Evaluate.history`."""
    found = {}
    for name in history[-1]:
        if name not in ("epoch", "iteration"):
            best = max if metrics.higher_is_better(name) else min
            found[f"val_{name}"] = float(best(entry[name] for entry in history))
            found[f"val_{name}_final"] = float(history[-1][name])
    return found
