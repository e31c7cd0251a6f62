"""The hinge loss (Lim and Ye, 2017, "Geometric GAN", arXiv 1705.02894; Tran et al., 2017, arXiv 1702.08896)."""

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean


def hinge_critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """E max(0, 1 - D(x)) + E max(0, 1 + D(g(z))): no slope beyond the margins (Miyato et al., 2018, equation 16)."""
    return mean(ops.relu(1 - in_float32(real_scores))) + mean(ops.relu(1 + in_float32(fake_scores)))


def hinge_generator_loss(fake_scores: Tensor) -> Tensor:
    """-E D(g(z)) (Miyato et al., 2018, equation 17)."""
    return -mean(fake_scores)


def total_variation_estimate(critic_loss: Tensor) -> Tensor:
    """1 - L / 2, a lower bound of the total variation 1/2 sum |p - q|, in [0, 1].

    Equality holds at the best critic, sign(p - q), whose loss L is 2 sum min(p, q); a blind one, D = 0, gets 0.
    """
    return 1 - critic_loss / 2
