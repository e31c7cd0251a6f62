"""The games."""

from wgan_keras.models.adversarial import AdversarialModel

# In the order in which they are listed.
# isort: off
from wgan_keras.models.gan import GAN
from wgan_keras.models.wgan import WGAN
from wgan_keras.models.wgan_gp import WGANGP
# isort: on

__all__ = ["GAN", "WGAN", "WGANGP", "AdversarialModel"]
