"""Batch normalization that labels steer."""

from typing import Any

import keras
from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.layers.normalization import BatchNormalization


@keras.saving.register_keras_serializable("wgan_keras")
class ConditionalBatchNormalization(keras.layers.Layer):
    """(1 + y G) (x - mean) / sqrt(variance + epsilon) + y B: a scale and a shift a channel, chosen by the labels y.

    G and B have one row a class. Labels are one-hot, or mixtures of classes, which get the mixture of their rows. Both
    start at zero, as a plain batch normalization without labels.

    Call it on [x, labels], x (batch, ..., channels) and labels (batch, classes).

    Args:
        momentum: share of the moving statistics that stays at each step, in [0, 1).
        epsilon: keeps the root from zero; in units of the variance.

    References:
        Dumoulin, Shlens and Kudlur, 2017, "A Learned Representation For Artistic Style", arXiv 1610.07629, section 2.2.
        De Vries et al., 2017, "Modulating early visual processing by language", arXiv 1707.00683, section 3.
    """

    def __init__(self, momentum: float = 0.9, epsilon: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.autocast = False  # bfloat16 would round the shares of a mixture
        self.normalization = BatchNormalization(
            momentum=momentum, epsilon=epsilon, scale=False, center=False, dtype=self.dtype_policy, name="normalization"
        )

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        of_x, of_labels = input_shape
        self.normalization.build(of_x)
        shape = (of_labels[-1], of_x[-1])
        self.scale = self.add_weight(shape=shape, initializer="zeros", name="scale", autocast=False)
        self.shift = self.add_weight(shape=shape, initializer="zeros", name="shift", autocast=False)

    def call(self, inputs: list[Tensor], training: bool | None = None) -> Tensor:
        x, labels = inputs
        labels = ops.cast(labels, self.variable_dtype)
        scale, shift = (
            ops.cast(self._as_channels(ops.matmul(labels, rows), x), self.compute_dtype)
            for rows in (self.scale, self.shift)
        )
        return (1 + scale) * self.normalization(x, training=training) + shift

    def _as_channels(self, rows, x):
        return ops.reshape(rows, (-1, *(1,) * (len(x.shape) - 2), x.shape[-1]))

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        return tuple(input_shape[0])

    def get_config(self) -> dict[str, Any]:
        own = {"momentum": self.normalization.momentum, "epsilon": self.normalization.epsilon}
        return {**super().get_config(), **own}
