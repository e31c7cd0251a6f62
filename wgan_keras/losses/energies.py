"""Energies of an autoencoder (Zhao, Mathieu, LeCun, 2017, "Energy-based GAN", arXiv 1609.03126)."""

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean


def reconstruction_energy(images: Tensor, reconstructions: Tensor) -> Tensor:
    """D(x) = mean of (Dec(Enc(x)) - x)^2 over an image's values (section 2.3, as a mean): (batch, 1) in float32."""
    squares = ops.square(in_float32(reconstructions) - in_float32(images))
    return ops.expand_dims(ops.mean(squares, axis=tuple(range(1, len(squares.shape)))), -1)


def energy_critic_loss(real_energies: Tensor, fake_energies: Tensor, margin: float) -> Tensor:
    """E D(x) + E max(0, m - D(g(z))): a fake image of an energy above m costs nothing (equation 1).

    Args:
        real_energies: D(x), (batch, 1), at least 0.
        fake_energies: D(g(z)), (batch, 1).
        margin: m > 0, in the unit of the energies.
    """
    return mean(real_energies) + mean(ops.relu(margin - in_float32(fake_energies)))


def energy_generator_loss(fake_energies: Tensor) -> Tensor:
    """E D(g(z)) (equation 2)."""
    return mean(fake_energies)
