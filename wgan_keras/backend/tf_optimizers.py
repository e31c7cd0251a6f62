"""Keras's optimizers as functions on TensorFlow: their steps in a scope that holds variables as tensors."""

import functools
from collections.abc import Sequence
from typing import Any

import keras

from wgan_keras._types import Tensor


def _base(name):
    """One of the classes that all optimizers have from Keras."""
    return next(each for each in keras.optimizers.Optimizer.__mro__ if each.__name__ == name)


_Base: Any = _base("BaseOptimizer")
_OnTensorFlow: Any = _base("TFOptimizer")


class _OfKeras(_OnTensorFlow):
    """Undoes what TensorFlow's optimizers do to its own variables, under any strategy, and never in a scope.

    Behind an optimizer's class and before TensorFlow's, so that what the optimizer itself overrides holds.
    """

    assign = _Base.assign
    assign_add = _Base.assign_add
    assign_sub = _Base.assign_sub
    _var_key = _Base._var_key
    _apply_weight_decay = _Base._apply_weight_decay
    _backend_update_step = _Base._backend_update_step


def tentative_update(
    optimizer: keras.Optimizer, gradients: Sequence[Tensor], variables: Sequence[keras.Variable]
) -> None:
    """The optimizer's step in a `keras.StatelessScope`, differentiable by the gradients."""
    _stateless(optimizer).apply(gradients, variables)


def _stateless(optimizer):
    """A copy, on the same variables, that assigns to Keras's variables and so to what a scope holds of them."""
    like = object.__new__(_stateless_class(type(optimizer)))  # Keras's own copy makes new variables
    places = {id(variable): i for i, variable in enumerate(optimizer._trainable_variables)}
    vars(like).update({**vars(optimizer), "_trainable_variables_indices": places})
    return like


@functools.cache
def _stateless_class(cls):
    return type(cls.__name__, (cls, _OfKeras), {})
