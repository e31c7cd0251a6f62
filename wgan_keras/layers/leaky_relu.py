"""An activation that is cheap to differentiate twice."""

from typing import Any

import keras

from wgan_keras import backend
from wgan_keras._types import Tensor


@keras.saving.register_keras_serializable("wgan_keras")
class LeakyReLU(keras.layers.Layer):
    """max(x, negative_slope * x), cheap to differentiate twice.

    Same values and derivatives as `keras.layers.LeakyReLU`. There the second derivative, which is zero almost
    everywhere, is handed on as a tensor of zeros, and the double backward pass of a gradient penalty pushes these
    zeros through every layer below. Here that branch does not exist.

    Args:
        negative_slope: slope for x < 0, in [0, 1); 0 is the plain ReLU.
    """

    def __init__(self, negative_slope: float = 0.2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not 0 <= negative_slope < 1:
            raise ValueError(f"negative_slope is {negative_slope}; expected 0 <= negative_slope < 1.")
        self.negative_slope = negative_slope
        self.supports_masking = True

    def call(self, inputs: Tensor) -> Tensor:
        return backend.leaky_relu(inputs, self.negative_slope)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "negative_slope": self.negative_slope}
