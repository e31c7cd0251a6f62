"""Multilayer perceptrons: the WGAN paper's 4 x 512 for images, and smaller ones for points in the plane."""

import math

import keras
from keras import layers

from wgan_keras.layers import LeakyReLU
from wgan_keras.networks.registry import register_network
from wgan_keras.networks.sizes import Depth, LatentDim, Shape, Units


def _hidden(x, units, depth):
    for _ in range(depth):
        # A ReLU; our own layer, because a gradient penalty differentiates it twice.
        x = LeakyReLU(0.0)(layers.Dense(units, kernel_initializer="he_normal")(x))
    return x


def _size(shape, width):
    return {"units": 8 * width, "depth": 4 if len(shape) == 3 else 3}


def _usual_generator(shape, width, latent_dim, normalization):
    if latent_dim is None:
        latent_dim = 128 if len(shape) == 3 else 2
    return {"output_shape": shape, "latent_dim": latent_dim, **_size(shape, width)}


def _usual_critic(shape, width, latent_dim, normalization):
    return {"input_shape": shape, **_size(shape, width)}


@register_network("mlp_generator", usual=_usual_generator)
def mlp_generator(output_shape: Shape, latent_dim: LatentDim, units: Units = 512, depth: Depth = 4) -> keras.Model:
    """Latents (batch, latent_dim) -> (batch, *output_shape).

    Images (rank 3 shapes) end in tanh, in [-1, 1]; points (rank 1) are unbounded.
    """
    z = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(math.prod(output_shape), dtype="float32")(_hidden(z, units, depth))
    x = layers.Reshape(output_shape, dtype="float32")(x)
    if len(output_shape) == 3:
        x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, x, name="generator")


@register_network("mlp_critic", usual=_usual_critic)
def mlp_critic(input_shape: Shape, units: Units = 512, depth: Depth = 4) -> keras.Model:
    """Images or points (batch, *input_shape) -> scores (batch, 1)."""
    inputs = keras.Input(input_shape)
    x = _hidden(layers.Flatten()(inputs), units, depth)
    return keras.Model(inputs, layers.Dense(1, dtype="float32")(x), name="critic")
