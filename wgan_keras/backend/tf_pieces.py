"""A batch computed piece by piece with TensorFlow: what one piece needs is freed before the next begins."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf
from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.backend import piece


def mean_over_pieces(function: Callable[..., Any], parts: Sequence[Tensor], size: int | None) -> Any:
    """The mean of function(*piece), a structure of float tensors, over the pieces of `size` rows of the parts.

    It is function(*parts) where `size` is None. The pieces are computed in order, and traced once.
    """
    if size is None:
        return function(*parts)
    pieces = [tf.reshape(part, (-1, size, *part.shape[1:])) for part in parts]
    count = ops.shape(pieces[0])[0]  # a tensor where Keras forgot it, as of a `PyDataset`

    def on_piece(i, *rows):
        with piece.computed(i, count):
            return function(*rows)

    total = (_added_up if tf.executing_eagerly() else _added_up_in_a_loop)(on_piece, pieces, count)
    return tf.nest.map_structure(lambda x: x / tf.cast(count, x.dtype), total)


def _added_up(on_piece, pieces, count):
    results = [on_piece(i, *rows) for i, rows in enumerate(zip(*pieces, strict=True))]
    return functools.reduce(_sum, results)


def _added_up_in_a_loop(on_piece, pieces, count):
    """One `while` node, whatever their number."""
    rows = [tf.TensorSpec(part.shape[1:], part.dtype) for part in pieces]
    # A function, because a loop asks for zeros of what is added up before its body is traced.
    traced = tf.function(on_piece, autograph=False).get_concrete_function(tf.TensorSpec((), tf.int32), *rows)

    def step(i, total):
        return i + 1, _sum(total, traced(i, *(part[i] for part in pieces)))

    zeros = tf.nest.map_structure(lambda x: tf.zeros(x.shape, x.dtype), traced.structured_outputs)
    _, total = tf.while_loop(lambda i, _: i < count, step, (tf.constant(0), zeros), parallel_iterations=1)
    return total


def _sum(a, b):
    return tf.nest.map_structure(tf.add, a, b)
