"""Layers the networks need that Keras lacks."""

from wgan_keras.layers.conditional import ConditionalBatchNormalization
from wgan_keras.layers.convolutions import Conv2D, Conv2DTranspose
from wgan_keras.layers.leaky_relu import LeakyReLU
from wgan_keras.layers.normalization import BatchNormalization, LayerNormalization
from wgan_keras.layers.pooling import GlobalSumPooling2D
from wgan_keras.layers.spectral import SpectralNormalization

__all__ = [
    "BatchNormalization",
    "ConditionalBatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "GlobalSumPooling2D",
    "LayerNormalization",
    "LeakyReLU",
    "SpectralNormalization",
]
