"""The original game (Goodfellow et al., 2014), whose critic is the discriminator before its sigmoid.

D(x) = sigmoid(score).
"""

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean


def discriminator_value(real_scores: Tensor, fake_scores: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """L(D, g) = E log D(x) + E log(1 - D(g(z))), at most 0, which the discriminator maximizes.

    Args:
        label_smoothing: s in [0, 1): the target for real images is 1 - s (one-sided label smoothing).
    """
    real = in_float32(real_scores)
    log_real = -mean(ops.softplus(-real))
    log_not_real = -mean(ops.softplus(real))
    log_not_fake = -mean(ops.softplus(in_float32(fake_scores)))
    return (1 - label_smoothing) * log_real + label_smoothing * log_not_real + log_not_fake


def minimax_generator_loss(fake_scores: Tensor) -> Tensor:
    """E log(1 - D(g(z))): what the minimax generator minimizes; flat where the discriminator is sure."""
    return -mean(ops.softplus(in_float32(fake_scores)))


def non_saturating_generator_loss(fake_scores: Tensor) -> Tensor:
    """-E log D(g(z)), the -log D trick."""
    return mean(ops.softplus(-in_float32(fake_scores)))


def js_estimate(value: Tensor) -> Tensor:
    """L / 2 + log 2, a lower bound of the Jensen-Shannon divergence in [0, log 2] (WGAN paper, section 4.3)."""
    return value / 2 + ops.log(2.0)
