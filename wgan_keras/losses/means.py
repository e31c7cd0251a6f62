"""Scores and their means in float32, whatever the dtype policy of the networks is."""

from keras import ops

from wgan_keras._types import Tensor


def in_float32(x: Tensor) -> Tensor:
    """`x` in float32, before anything is computed of it: bfloat16 has three digits."""
    return ops.cast(x, "float32")


def mean(x: Tensor) -> Tensor:
    """The mean over all axes, a scalar in float32."""
    return ops.mean(in_float32(x))
