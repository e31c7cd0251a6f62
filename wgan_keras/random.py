"""Random numbers that are the same on both backends, on any number of devices, eagerly, in a graph or compiled.

Keras's draws differ between backends, and TensorFlow's change when XLA compiles them (tensorflow issue 121243). A hash
of integers is exact everywhere, so floats are made from integers here.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from wgan_keras import backend
from wgan_keras._schema import whole_number
from wgan_keras._types import Tensor

_LEVELS = 2**23  # (k + 1/2) / 2^23 is exact in float32, and never 0 or 1
_FACTOR, _INCREMENT, _NINE, _SIXTEEN = map(np.uint32, (1664525, 1013904223, 9, 16))


def uniform(shape: Sequence[Any], seed: Any) -> Tensor:
    """float32 from the open interval (0, 1). seed: int, `keras.random.SeedGenerator`, or None for Keras's own.

    Where devices share a batch, the first axis is that of the samples, and each device draws the numbers of its own. A
    single number, of shape (), is the same on all.
    """
    positions = backend.positions(shape) if len(shape) else None
    if positions is None:
        count = math.prod(shape)
        words = ops.concatenate(_hash(ops.arange(_thirds(count), dtype="int32"), *_key_and_counter(seed)))[:count]
        words = ops.reshape(words, shape)
    else:
        words = _words_at(*positions, seed)
    return (ops.cast(ops.right_shift(words, _NINE), "float32") + 0.5) / _LEVELS


def normal(shape: Sequence[Any], seed: Any) -> Tensor:
    """float32 from N(0, 1), by the inverse of its distribution function; at most 5.2 in size."""
    return ops.sqrt(2.0) * ops.erfinv(2 * uniform(shape, seed) - 1)


def _words_at(positions, count, seed):
    """The words at the `positions` of the `count` that one device alone would draw."""
    thirds = _thirds(count)
    first, second, third = _hash(positions % thirds, *_key_and_counter(seed))
    which = positions // thirds
    return ops.where(which == 0, first, ops.where(which == 1, second, third))


def _thirds(count):
    """How many times three words are hashed for `count` of them."""
    return -(-count // 3)


def _key_and_counter(seed):
    """Which draw this is: (seed, number of the draw); a seed generator goes on to the next."""
    if isinstance(seed, keras.random.SeedGenerator):
        state = seed.next()
        return state[0], state[1]
    if seed is None:
        return keras.random.randint((), 0, 2**31 - 1), 0
    seed = whole_number("seed", seed)
    return seed % 2**31, seed // 2**31 % 2**31


def _hash(x, y, z):
    """Three words of 32 random bits for each (x, y, z): pcg3d (Jarzynski and Olano, *Hash Functions for GPU
    Rendering*, Journal of Computer Graphics Techniques 9(3), 2020)."""
    x, y, z = (ops.cast(v, "uint32") * _FACTOR + _INCREMENT for v in (x, y, z))
    x, y, z = _mix(x, y, z)
    return _mix(*(ops.bitwise_xor(v, ops.right_shift(v, _SIXTEEN)) for v in (x, y, z)))


def _mix(x, y, z):
    x = x + y * z
    y = y + z * x
    return x, y, z + x * y
