"""Weight clipping, line 7 of Algorithm 1 of the WGAN paper."""

from typing import Any

import keras
from keras import ops

from wgan_keras._schema import Positive, fits
from wgan_keras._types import Tensor


@keras.saving.register_keras_serializable("wgan_keras")
class WeightClip(keras.constraints.Constraint):
    """w <- clip(w, -c, c), so that the critic stays K-Lipschitz for some K.

    Args:
        clip_value: c, half the side of the box the weights live in; positive.
    """

    def __init__(self, clip_value: Positive) -> None:
        if not fits(clip_value, Positive):
            raise ValueError(f"clip_value is {clip_value}; expected a positive number, the paper's is 0.01.")
        self.clip_value = float(clip_value)

    def __call__(self, w: Tensor) -> Tensor:
        return ops.clip(w, -self.clip_value, self.clip_value)

    def get_config(self) -> dict[str, Any]:
        return {"clip_value": self.clip_value}
