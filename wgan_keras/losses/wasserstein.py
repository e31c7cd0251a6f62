"""The Wasserstein game (Arjovsky, Chintala, Bottou, 2017), on the scores f(x) of a 1-Lipschitz critic."""

from wgan_keras._types import Tensor
from wgan_keras.losses.means import mean


def wasserstein_estimate(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """E f(x) - E f(g(z)): for the best 1-Lipschitz f the Wasserstein-1 distance (WGAN paper, equation 2)."""
    return mean(real_scores) - mean(fake_scores)


def wasserstein_generator_loss(fake_scores: Tensor) -> Tensor:
    """-E f(g(z)), the part of the estimate that depends on the generator (WGAN's Algorithm 1, line 10)."""
    return -mean(fake_scores)
