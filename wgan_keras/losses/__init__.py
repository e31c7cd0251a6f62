"""The value functions of the games, on the critic's outputs.

Every function takes scores of shape (batch, 1) and returns a scalar in float32, a mean over the batch.
"""

from wgan_keras.losses.logistic import (
    discriminator_value,
    js_estimate,
    minimax_generator_loss,
    non_saturating_generator_loss,
)
from wgan_keras.losses.wasserstein import wasserstein_estimate, wasserstein_generator_loss

__all__ = [
    "discriminator_value",
    "js_estimate",
    "minimax_generator_loss",
    "non_saturating_generator_loss",
    "wasserstein_estimate",
    "wasserstein_generator_loss",
]
