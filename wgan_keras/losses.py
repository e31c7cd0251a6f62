"""The value functions of the games, on the critic's outputs.

Every function takes scores of shape (batch, 1) and returns a scalar in float32, a mean over the batch.
`GAN`'s critic is the discriminator before its sigmoid: D(x) = sigmoid(score).
"""

from keras import ops

from wgan_keras._types import Tensor


def _mean(x):
    return ops.mean(ops.cast(x, "float32"))


def wasserstein_estimate(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """E f(x) - E f(g(z)): for the best 1-Lipschitz f the Wasserstein-1 distance (WGAN paper, equation 2)."""
    return _mean(real_scores) - _mean(fake_scores)


def wasserstein_generator_loss(fake_scores: Tensor) -> Tensor:
    """-E f(g(z)), the part of the estimate that depends on the generator (Algorithm 1, line 10)."""
    return -_mean(fake_scores)


def discriminator_value(real_scores: Tensor, fake_scores: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """L(D, g) = E log D(x) + E log(1 - D(g(z))), at most 0, which the discriminator maximizes.

    Args:
        label_smoothing: s in [0, 1): the target for real images is 1 - s (one-sided label smoothing).
    """
    real = ops.cast(real_scores, "float32")
    log_real = -_mean(ops.softplus(-real))
    log_not_real = -_mean(ops.softplus(real))
    log_not_fake = -_mean(ops.softplus(ops.cast(fake_scores, "float32")))
    return (1 - label_smoothing) * log_real + label_smoothing * log_not_real + log_not_fake


def minimax_generator_loss(fake_scores: Tensor) -> Tensor:
    """E log(1 - D(g(z))): what the minimax generator minimizes; flat where the discriminator is sure."""
    return -_mean(ops.softplus(ops.cast(fake_scores, "float32")))


def non_saturating_generator_loss(fake_scores: Tensor) -> Tensor:
    """-E log D(g(z)), the -log D trick."""
    return _mean(ops.softplus(-ops.cast(fake_scores, "float32")))


def js_estimate(value: Tensor) -> Tensor:
    """L / 2 + log 2, a lower bound of the Jensen-Shannon divergence in [0, log 2] (WGAN paper, section 4.3)."""
    return value / 2 + ops.log(2.0)
