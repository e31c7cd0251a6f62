"""Layers the networks need that Keras lacks."""

from wgan_keras.layers.convolutions import Conv2D, Conv2DTranspose
from wgan_keras.layers.leaky_relu import LeakyReLU
from wgan_keras.layers.normalization import BatchNormalization, LayerNormalization

__all__ = ["BatchNormalization", "Conv2D", "Conv2DTranspose", "LayerNormalization", "LeakyReLU"]
