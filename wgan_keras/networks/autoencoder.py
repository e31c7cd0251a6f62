"""Critics that reconstruct what they take, for `EBGAN` (Zhao, Mathieu, LeCun, 2017)."""

import math

import keras
from keras import layers

from wgan_keras.layers import BatchNormalization, Conv2D, Conv2DTranspose, LeakyReLU
from wgan_keras.networks.registry import register_network
from wgan_keras.networks.sizes import Shape, Width, halvings


def _usual(shape, width, latent_dim, normalization):
    return {"input_shape": shape, "width": width}


@register_network("autoencoder_critic", usual=_usual)
def autoencoder_critic(input_shape: Shape, width: Width = 64) -> keras.Model:
    """Autoencoder, the critic of `EBGAN`: images, points or series (batch, *input_shape) -> their reconstructions.

    Reconstructions are any numbers, in float32. Images (rank 3 shapes) go through 4x4 convolutions of stride 2 down to
    4 to 7 pixels and back, with batch normalization, as the paper's (64)4c2s-(128)4c2s-(256)4c2s; points (rank 1)
    through two layers of 8 x width units, and so do series (rank 2), whose steps are taken together. The layer "code"
    lies between the two ways. Nothing narrows it: what keeps the autoencoder from the identity is that fake images are
    to be reconstructed badly (section 2.3).

    Args:
        input_shape: (height, width, channels), (dimensions,) or (steps, channels).
        width: filters of the first stage, which double at each one; or an eighth of the units.

    References:
        "Energy-based Generative Adversarial Network", arXiv 1609.03126, section 2.3.
    """
    inputs = keras.Input(input_shape)
    reconstruct = {1: _dense, 3: _convolutions}.get(len(input_shape), _flattened)
    return keras.Model(inputs, reconstruct(inputs, input_shape, width), name="critic")


def _flattened(x, shape, width):
    x = _dense(layers.Flatten()(x), (math.prod(shape),), width)
    return layers.Reshape(shape, dtype="float32")(x)


def _dense(x, shape, width):
    for _ in range(2):
        x = LeakyReLU(0.0)(layers.Dense(8 * width, kernel_initializer="he_normal")(x))
    x = layers.Identity(name="code")(x)
    return layers.Dense(shape[-1], dtype="float32")(x)


def _convolutions(x, shape, width):
    filters = [width * 2**i for i in range(halvings(shape))]
    how = {
        "kernel_size": 4,
        "strides": 2,
        "padding": "same",
        "kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02),
    }
    x = LeakyReLU(0.2)(Conv2D(filters[0], **how)(x))
    for count in filters[1:]:
        x = LeakyReLU(0.2)(_normalized(Conv2D(count, use_bias=False, **how)(x)))
    x = layers.Identity(name="code")(x)
    for count in reversed(filters[:-1]):
        x = LeakyReLU(0.0)(_normalized(Conv2DTranspose(count, use_bias=False, **how)(x)))
    return layers.Activation("linear", dtype="float32")(Conv2DTranspose(shape[-1], **how)(x))


def _normalized(x):
    return BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
