"""Wasserstein GANs for Keras: right, fast and honest."""

from wgan_keras import callbacks, data, metrics, networks, penalties
from wgan_keras.constraints import WeightClip
from wgan_keras.models import GAN, WGAN, WGANGP
from wgan_keras.saving import load_model

__version__ = "0.1.0"
__all__ = [
    "GAN",
    "WGAN",
    "WGANGP",
    "WeightClip",
    "callbacks",
    "data",
    "load_model",
    "metrics",
    "networks",
    "penalties",
]
