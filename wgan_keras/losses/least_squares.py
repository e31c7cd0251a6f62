"""Least squares (Mao et al., 2017, "Least Squares Generative Adversarial Networks", arXiv 1611.04076).

The critic regresses a on fake images and b on real ones; the generator wants its images to be taken for c.
"""

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean


def least_squares_critic_loss(real_scores: Tensor, fake_scores: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
    """1/2 E (D(x) - b)^2 + 1/2 E (D(g(z)) - a)^2 (equation 2), least at D = (b p + a q) / (p + q) (equation 5).

    Args:
        real_scores: D(x), (batch, 1).
        fake_scores: D(g(z)), (batch, 1).
        a: the target of fake images.
        b: the target of real images.
    """
    return (_square_from(real_scores, b) + _square_from(fake_scores, a)) / 2


def least_squares_generator_loss(fake_scores: Tensor, c: float = 1.0) -> Tensor:
    """1/2 E (D(g(z)) - c)^2 (equation 2)."""
    return _square_from(fake_scores, c) / 2


def le_cam_estimate(critic_loss: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
    """1 - 4 L / (b - a)^2, a lower bound of Le Cam's divergence 1/2 sum (p - q)^2 / (p + q), in [0, 1].

    Equality holds at the best critic, whose loss L is (b - a)^2 / 2 sum p q / (p + q); a critic that says (a + b) / 2
    of everything gets 0.
    """
    return 1 - 4 * critic_loss / (b - a) ** 2


def _square_from(scores, target):
    return mean(ops.square(in_float32(scores) - target))
