"""Pooling that Keras has only as means and maxima."""

import keras
from keras import ops

from wgan_keras._types import Tensor


@keras.saving.register_keras_serializable("wgan_keras")
class GlobalSumPooling2D(keras.layers.Layer):
    """The sum over height and width: (batch, height, width, channels) -> (batch, channels)."""

    def call(self, inputs: Tensor) -> Tensor:
        return ops.sum(inputs, axis=(1, 2))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[-1])
