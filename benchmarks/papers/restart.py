"""Several seeds share one traced model: tracing and compiling take longer than a small training does."""

import keras

_OPTIMIZERS = ("generator_optimizer", "critic_optimizer", "optimizer")


def restart(model: keras.Model, like: keras.Model) -> None:
    """Puts a model, traced or trained, back into the state of another one that is new and compiled alike.

    The optimizers of both have been built, as `compile` does it for a game.
    """
    for variable, start in zip(_state(model), _state(like), strict=True):
        variable.assign(start)


def _state(model):
    optimizers = (getattr(model, name, None) for name in _OPTIMIZERS)
    return [*model.variables, *(variable for each in optimizers for variable in getattr(each, "variables", ()))]
