"""Multilayer perceptrons: the WGAN paper's 4 x 512 for images, and smaller ones for points in the plane."""

import math

import keras
from keras import layers

from wgan_keras.layers import LeakyReLU
from wgan_keras.networks.recorded import recorded


def _hidden(x, units, depth):
    for _ in range(depth):
        # A ReLU; our own layer, because a gradient penalty differentiates it twice.
        x = LeakyReLU(0.0)(layers.Dense(units, kernel_initializer="he_normal")(x))
    return x


@recorded
def mlp_generator(output_shape, latent_dim, units=512, depth=4):
    """Latents (batch, latent_dim) -> (batch, *output_shape).

    Images (rank 3 shapes) end in tanh, in [-1, 1]; points (rank 1) are unbounded.
    """
    z = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(math.prod(output_shape), dtype="float32")(_hidden(z, units, depth))
    x = layers.Reshape(output_shape, dtype="float32")(x)
    if len(output_shape) == 3:
        x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, x, name="generator")


@recorded
def mlp_critic(input_shape, units=512, depth=4):
    """Images or points (batch, *input_shape) -> scores (batch, 1)."""
    inputs = keras.Input(input_shape)
    x = _hidden(layers.Flatten()(inputs), units, depth)
    return keras.Model(inputs, layers.Dense(1, dtype="float32")(x), name="critic")
