"""The games, and `Setting` for the arguments of one's own."""

from wgan_keras.models.adversarial import AdversarialModel

# In the order in which they are listed.
# isort: off
from wgan_keras.models.gan import GAN
from wgan_keras.models.wgan import WGAN
from wgan_keras.models.wgan_gp import WGANGP
from wgan_keras.models.lsgan import LSGAN
from wgan_keras.models.hinge_gan import HingeGAN
from wgan_keras.models.relativistic_gan import RelativisticGAN
from wgan_keras.models.semi_supervised_gan import SemiSupervisedGAN
from wgan_keras.models.f_gan import FGAN
from wgan_keras.models.ebgan import EBGAN
from wgan_keras.models.mmd_gan import MMDGAN
# isort: on

from wgan_keras.models.settings import Setting

__all__ = [
    "EBGAN",
    "FGAN",
    "GAN",
    "LSGAN",
    "MMDGAN",
    "WGAN",
    "WGANGP",
    "AdversarialModel",
    "HingeGAN",
    "RelativisticGAN",
    "SemiSupervisedGAN",
    "Setting",
]
