"""Keras's optimizers as functions on TensorFlow: their steps in a scope that holds variables as tensors."""

import types
from collections.abc import Sequence

import keras

from wgan_keras._types import Tensor

# Of them TensorFlow has versions that assign to its own variables, under any strategy, and never in a scope.
_OF_KERAS = ("assign", "assign_add", "assign_sub", "_var_key", "_apply_weight_decay", "_backend_update_step")
_Base = next(each for each in keras.optimizers.Optimizer.__mro__ if each.__name__ == "BaseOptimizer")


def tentative_update(
    optimizer: keras.Optimizer, gradients: Sequence[Tensor], variables: Sequence[keras.Variable]
) -> None:
    """The optimizer's step in a `keras.StatelessScope`, differentiable by the gradients."""
    _stateless(optimizer).apply(gradients, variables)


def _stateless(optimizer):
    """A copy, on the same variables, that assigns to Keras's variables and so to what a scope holds of them."""
    like = object.__new__(type(optimizer))  # Keras's own copy makes new variables
    places = {id(variable): i for i, variable in enumerate(optimizer._trainable_variables)}
    own = {name: types.MethodType(getattr(_Base, name), like) for name in _OF_KERAS}
    vars(like).update({**vars(optimizer), **own, "_trainable_variables_indices": places})
    return like
