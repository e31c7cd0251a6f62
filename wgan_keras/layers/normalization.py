"""Normalizations by the batch, and by each sample itself."""

from typing import Any

import keras
from keras import ops

from wgan_keras import backend
from wgan_keras._types import Tensor


@keras.saving.register_keras_serializable("wgan_keras")
class BatchNormalization(keras.layers.BatchNormalization):
    """Keras's; of pictures in bfloat16 on a CPU it is one operation in training, which is faster.

    In float32, and in use after training, the values are Keras's bit for bit.
    """

    def call(self, inputs: Tensor, training: bool | None = None, mask: Tensor | None = None) -> Tensor:
        last = self.axis in (-1, len(inputs.shape) - 1)
        known = mask is None and last and not (self.renorm or self.synchronized)
        normalize = backend.batch_normalization(inputs) if known and training and self.trainable else None
        if normalize is None or (self.compute_dtype, self.variable_dtype) != ("bfloat16", "float32"):
            return super().call(inputs, training=training, mask=mask)
        channels = inputs.shape[-1]
        scale = self.gamma if self.scale else ops.ones((channels,))
        offset = self.beta if self.center else ops.zeros((channels,))
        outputs, mean, variance = normalize(inputs, scale, offset, self.epsilon)
        for moving, of_batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + ops.stop_gradient(of_batch) * (1 - self.momentum))
        return outputs


@keras.saving.register_keras_serializable("wgan_keras")
class LayerNormalization(keras.layers.Layer):
    """(x - mean) / sqrt(variance + epsilon) over all axes but the batch's, then one scale and one shift a channel.

    Right to the second derivative. Keras's `LayerNormalization` and `GroupNormalization` are not on TensorFlow: their
    variance comes from `tf.nn.moments`, which stops the gradient at the mean. That leaves the first derivative as it
    is, and makes the gradient of a gradient penalty a wrong one.

    Args:
        epsilon: keeps the root from zero; in units of the variance.
    """

    def __init__(self, epsilon: float = 1e-3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.autocast = False  # statistics of bfloat16 are taken in float32

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gamma", autocast=False)
        self.beta = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="beta", autocast=False)

    def call(self, inputs: Tensor) -> Tensor:
        x = ops.cast(inputs, self.variable_dtype)
        axes = tuple(range(1, len(x.shape)))
        centered = x - ops.mean(x, axes, keepdims=True)
        variance = ops.mean(ops.square(centered), axes, keepdims=True)
        normalized = centered * ops.rsqrt(variance + self.epsilon)
        return ops.cast(normalized * self.gamma + self.beta, self.compute_dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}
