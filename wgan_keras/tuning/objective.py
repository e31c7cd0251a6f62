"""What a search may be after: a score of the protocol, at its best during training or at the end."""

import difflib

import keras_tuner

from wgan_keras import metrics, scoring

_SCORES = {
    "fid": ("fid",),
    "kid": ("kid",),
    "is": ("inception_score",),
    "prdc": ("precision", "recall", "density", "coverage"),
    "swd": ("sliced_wasserstein",),
    "memorisation": (),
    "w1": ("wasserstein_1",),
    "modes": ("modes_covered", "high_quality", "mode_kl_to_uniform"),
}
_OF_THE_GAME = ("loss", "estimate", "critic_accuracy", "gradient", "clipped_fraction")


def objective(protocol, name=None, at="best"):
    """The `keras_tuner.Objective` for a score.

    Args:
        protocol: a protocol's name, such as "fid_fashion_mnist_classifier_10k".
        name: a score of that protocol as the logs call it, such as "val_fid"; None takes the first.
        at: "best", over the evaluations of a trial, or "end".

    Raises:
        ValueError: a loss or estimate of the game, with the reason; a score the protocol does not give.
    """
    protocol = metrics.parse_protocol(protocol)
    scores = _scores(protocol)
    name = name or (scores[0] if scores else "val_fid")
    _check_score(name, protocol)
    if at not in ("best", "end"):
        raise ValueError(f"The objective is taken at {at!r}; expected 'best' or 'end'.")
    return keras_tuner.Objective(name if at == "best" else f"{name}_final", _direction(name))


def check_goal(name, direction, protocol):
    """What a tuner of the user's own is after, as `keras_tuner.Objective` has it, can be searched by.

    Raises:
        ValueError: a loss or estimate of the game, with the reason; a score the protocol does not give; the worse way.
    """
    score = name.removesuffix("_final")
    _check_score(score, protocol)
    if direction != _direction(score):
        raise ValueError(
            f"The objective is {name!r} by {direction!r}; expected {_direction(score)!r}, which is better."
        )


def _direction(name):
    return "max" if name.removeprefix("val_") in scoring.HIGHER_IS_BETTER else "min"


def _check_score(name, protocol):
    _refuse_of_the_game(name, protocol)
    scores = _scores(protocol)
    if name not in scores:
        near = difflib.get_close_matches(name, scores, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise ValueError(f"The objective is {name!r}{hint}; {_given(protocol)}.")


def _refuse_of_the_game(name, protocol):
    """ValueError, with the reason, if `name` is a loss or an estimate of the game."""
    if any(part in name for part in _OF_THE_GAME):
        raise ValueError(
            f"The objective is {name!r}, whose scale depends on the hyperparameters (the clip value and the penalty "
            "weight set the critic's slope, n_critic its lead), so that trials cannot be compared by it. "
            f"Use a score of samples; {_given(protocol)}."
        )


def _given(protocol):
    return f"{protocol.name} gives {', '.join(_scores(protocol)) or 'none to search by'}"


def _scores(protocol):
    return [f"val_{score}" for metric in protocol.metrics for score in _SCORES[metric]]


def summary(history):
    """{"val_fid": at its best, "val_fid_final": at the end, ...} from the entries of `callbacks.Evaluate.history`."""
    found = {}
    for name in history[-1]:
        if name not in ("epoch", "iteration"):
            best = max if name in scoring.HIGHER_IS_BETTER else min
            found[f"val_{name}"] = float(best(entry[name] for entry in history))
            found[f"val_{name}_final"] = float(history[-1][name])
    return found
