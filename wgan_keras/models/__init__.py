"""The games."""

from wgan_keras.models.gan import GAN
from wgan_keras.models.wgan import WGAN
from wgan_keras.models.wgan_gp import WGANGP

__all__ = ["GAN", "WGAN", "WGANGP"]
