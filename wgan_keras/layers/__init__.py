"""Layers the networks need that Keras lacks."""

from wgan_keras.layers.conditional import ConditionalBatchNormalization
from wgan_keras.layers.convolutions import Conv2D, Conv2DTranspose
from wgan_keras.layers.leaky_relu import LeakyReLU
from wgan_keras.layers.minibatch import MinibatchDiscrimination, MinibatchStandardDeviation
from wgan_keras.layers.normalization import BatchNormalization, LayerNormalization
from wgan_keras.layers.pooling import GlobalSumPooling2D
from wgan_keras.layers.spectral import SpectralNormalization
from wgan_keras.layers.virtual_batch_normalization import DropReference, ReferenceBatch, VirtualBatchNormalization

__all__ = [
    "BatchNormalization",
    "ConditionalBatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "DropReference",
    "GlobalSumPooling2D",
    "LayerNormalization",
    "LeakyReLU",
    "MinibatchDiscrimination",
    "MinibatchStandardDeviation",
    "ReferenceBatch",
    "SpectralNormalization",
    "VirtualBatchNormalization",
]
