"""A model that is compiled once and begins again: tracing and XLA take longer than some of the trainings."""

import keras


class CompiledOnce:
    """A compiled model that takes the state in which another of its kind begins.

    Args:
        model: compiled, its optimizers built, and not trained yet.
    """

    def __init__(self, model: keras.Model):
        self._model = model
        self._first = [variable.numpy() for variable in _of_the_optimizers(model)]

    def begin(self, fresh: keras.Model) -> keras.Model:
        """The model with the weights and the seeds of a fresh one, and optimizers that have not moved."""
        for variable, other in zip(self._model.variables, fresh.variables, strict=True):
            variable.assign(other)
        for variable, value in zip(_of_the_optimizers(self._model), self._first, strict=True):
            variable.assign(value)
        return self._model


def _of_the_optimizers(model):
    names = ("optimizer", "generator_optimizer", "critic_optimizer")
    return [variable for name in names for variable in getattr(getattr(model, name, None), "variables", ())]
