"""Random numbers that come out the same eagerly, in a graph and under XLA.

TensorFlow's own uniform and normal draws change when XLA compiles them (tensorflow issue 121243); its integers do
not, so floats are made from integers here.
"""

import keras
from keras import ops

_LEVELS = 2**23  # (k + 1/2) / 2^23 is exact in float32, and never 0 or 1


def uniform(shape, seed):
    """float32 from the open interval (0, 1). seed: int, `keras.random.SeedGenerator`, or None for fresh numbers."""
    k = keras.random.randint(shape, 0, _LEVELS, dtype="int32", seed=seed)
    return (ops.cast(k, "float32") + 0.5) / _LEVELS


def normal(shape, seed):
    """float32 from N(0, 1), by the inverse of its distribution function; at most 5.2 in size."""
    return ops.sqrt(2.0) * ops.erfinv(2 * uniform(shape, seed) - 1)
