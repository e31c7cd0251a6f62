"""What of training depends on the framework: the `Trainer` that `fit` drives, and these verbs.

    minimize(loss, variables, optimizer, ...)   one gradient step; returns what `loss` returned
    mean_over_pieces(function, parts, size)     of what a function of rows returns, computed piece by piece
    input_gradient(function, x)                 d sum(function(x)) / dx, differentiable once more
    tentative_gradients(loss, variables)        of what `loss` returns first; in a StatelessScope, differentiable
    tentative_update(optimizer, ...)            an optimizer's step in a StatelessScope, differentiable
    leaky_relu(x, negative_slope)               cheap to differentiate twice
    blocks(x)                                   the functions for convolutions of x that beat Keras's, if any
    batch_normalization(x)                      the function that normalizes x by its batch and beats Keras's, if any
    for_each(body, minibatches)                 body on each minibatch in turn, traced once; a tuple of stacked parts
    once(function, variables)                   function(), outside of steps; it leaves the variables as they were
    stacked(x, n)                               rows as n minibatches
    on_each_device(body, parts)                 body once, each device with its share of the rows of the parts
    share(), own, whole, mean                   of a batch that devices share, within a body; see `shares`
    averaged(structure)                         tensors in the mean over devices, without a derivative
    positions(shape)                            where a device's random numbers stand among those of the whole batch
    batches, stream                             an array, or a pair, as batches: epoch by epoch, or without end
    is_tracing()                                whether what runs is traced, and makes no values
    out_of_memory(error)                        whether an exception says that the device's memory is full
    devices(wanted)                             scopes for games on several devices
    lost_process(error)                         whether an exception says that a process that trains along is gone
    pipeline(x)                                 the `Pipeline` for a dataset or generator of the user's, by its kind
    wrong_second_derivatives(network, inputs)   what a gradient penalty cannot be trained through, measured
    WRONG_SECOND_DERIVATIVE                     Keras's layers that are known to be such, refused without measuring
    WRONG_SECOND_DERIVATIVE_IN_TRAINING         those that are such only in training, where no penalty uses them

Only the modules of this package import a framework for training; all other code is written in `keras.ops`.
"""

import sys
import types
from typing import TYPE_CHECKING, Any

import keras

from wgan_keras.backend import generators, py_data
from wgan_keras.backend.pipeline import Pipeline

if keras.backend.backend() == "tensorflow":
    from wgan_keras.backend.tensorflow import (
        WRONG_SECOND_DERIVATIVE,
        WRONG_SECOND_DERIVATIVE_IN_TRAINING,
        Trainer,
        averaged,
        batch_normalization,
        blocks,
        devices,
        for_each,
        input_gradient,
        is_tracing,
        leaky_relu,
        lost_process,
        mean,
        mean_over_pieces,
        minimize,
        on_each_device,
        once,
        out_of_memory,
        own,
        positions,
        share,
        stacked,
        tentative_gradients,
        tentative_update,
        whole,
        wrong_second_derivatives,
    )
    from wgan_keras.backend.tf_data import batches, stream
elif not TYPE_CHECKING and keras.backend.backend() == "jax":  # to a type checker there is one Trainer
    from wgan_keras.backend.jax import (
        WRONG_SECOND_DERIVATIVE,
        WRONG_SECOND_DERIVATIVE_IN_TRAINING,
        Trainer,
        averaged,
        batch_normalization,
        blocks,
        devices,
        for_each,
        input_gradient,
        is_tracing,
        leaky_relu,
        lost_process,
        mean,
        mean_over_pieces,
        minimize,
        on_each_device,
        once,
        out_of_memory,
        own,
        positions,
        share,
        stacked,
        tentative_gradients,
        tentative_update,
        whole,
        wrong_second_derivatives,
    )
    from wgan_keras.backend.py_data import batches, stream
else:
    raise ImportError(
        f"wgan_keras trains on Keras's TensorFlow and JAX backends, and Keras runs on {keras.backend.backend()!r} "
        "here. Set the environment variable KERAS_BACKEND to tensorflow or jax before Keras is imported."
    )

__all__ = [
    "WRONG_SECOND_DERIVATIVE",
    "WRONG_SECOND_DERIVATIVE_IN_TRAINING",
    "Pipeline",
    "Trainer",
    "averaged",
    "batch_normalization",
    "batches",
    "blocks",
    "devices",
    "for_each",
    "input_gradient",
    "is_tracing",
    "leaky_relu",
    "lost_process",
    "mean",
    "mean_over_pieces",
    "minimize",
    "on_each_device",
    "once",
    "out_of_memory",
    "own",
    "pipeline",
    "positions",
    "share",
    "stacked",
    "stream",
    "tentative_gradients",
    "tentative_update",
    "whole",
    "wrong_second_derivatives",
]


def pipeline(x: Any) -> Pipeline | None:
    """The `Pipeline` for batches of the kind of x; None for an array, which `batches` makes batches of."""
    if isinstance(x, keras.utils.PyDataset):
        return py_data
    if isinstance(x, types.GeneratorType):
        return generators
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and isinstance(x, tensorflow.data.Dataset):
        from wgan_keras.backend import tf_data

        return tf_data
    return None
