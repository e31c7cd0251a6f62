"""Multilayer perceptrons: the WGAN paper's 4 x 512 for images, and smaller ones for points in the plane."""

import math

import keras
from keras import layers

from wgan_keras.layers import LeakyReLU
from wgan_keras.networks.labels import Conditioning, critic, generator_inputs, with_embedding
from wgan_keras.networks.normalization import spectral
from wgan_keras.networks.registry import register_network
from wgan_keras.networks.sizes import Classes, Depth, LatentDim, Shape, Units


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
def mlp_generator(
    output_shape: Shape, latent_dim: LatentDim, units: Units = 512, depth: Depth = 4, classes: Classes | None = None
) -> keras.Model:
    """Fully connected layers, for points or small images: latents (batch, latent_dim) -> (batch, *output_shape).

    Images (rank 3 shapes) end in tanh, in [-1, 1]; points (rank 1) are unbounded.

    Args:
        output_shape: (height, width, channels) or (dimensions,).
        latent_dim: length of the latent vector z.
        units: of each hidden layer.
        depth: number of hidden layers.
        classes: number of classes of a conditional network, which takes [latents, labels (batch, classes)]; an
            embedding of the labels stands beside the latents. None for one without labels.
    """
    z, labels, inputs = generator_inputs(latent_dim, classes)
    x = layers.Dense(math.prod(output_shape), dtype="float32")(_hidden(with_embedding(z, labels), units, depth))
    x = layers.Reshape(output_shape, dtype="float32")(x)
    if len(output_shape) == 3:
        x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, x, name="generator")


@register_network("mlp_critic", usual=_usual_critic)
def mlp_critic(
    input_shape: Shape,
    units: Units = 512,
    depth: Depth = 4,
    classes: Classes | None = None,
    conditioning: Conditioning = "projection",
) -> keras.Model:
    """Fully connected layers, for points or small images: (batch, *input_shape) -> scores (batch, 1).

    Args:
        input_shape: (height, width, channels) or (dimensions,).
        units: of each hidden layer.
        depth: number of hidden layers.
        classes: number of classes of a conditional network; None for one without labels.
        conditioning: how it is: "projection" takes [images, labels (batch, classes)]; "classifier" takes images alone
            and returns [scores, logits (batch, classes)]. See `dcgan_critic`.

    Raises:
        ValueError: a classifier without classes.
    """
    images = keras.Input(input_shape)
    features = _hidden(layers.Flatten()(images), units, depth)
    return critic(images, features, features, classes, conditioning, spectral(None))
