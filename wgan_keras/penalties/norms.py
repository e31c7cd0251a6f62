"""The length of the critic's gradient by each image, in float32 or wider."""

from collections.abc import Callable

import keras
from keras import ops

from wgan_keras import backend
from wgan_keras._types import Tensor

# Keeps the derivative of the square root finite where the gradient is zero; in units of a squared norm.
EPSILON = 1e-12


def wide(images: Tensor) -> Tensor:
    """Images in float32, or as they are where that is wider."""
    return ops.cast(images, keras.backend.result_type(images.dtype, "float32"))


def squared_gradient_norms(critic: Callable[[Tensor], Tensor], points: Tensor) -> Tensor:
    """||grad f(x)||^2, (batch,), at the `points` x: summed over all axes but the batch's."""
    gradients = ops.cast(backend.input_gradient(critic, points), points.dtype)
    return ops.sum(ops.square(gradients), axis=tuple(range(1, len(gradients.shape))))


def gradient_norms(critic: Callable[[Tensor], Tensor], points: Tensor) -> Tensor:
    """||grad f(x)||, (batch,), at the `points` x."""
    return ops.sqrt(squared_gradient_norms(critic, points) + EPSILON)
