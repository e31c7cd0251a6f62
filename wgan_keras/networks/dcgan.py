"""DCGAN (Radford et al., 2015) at any size that halves down to 4..7 pixels: 28, 32, 64, 128, ...

Every stage is a 4x4 convolution of stride 2. At 64x64x3 and width 64 these are the networks of the WGAN paper's
baseline: 4x4x512, 8x8x256, 16x16x128, 32x32x64, 64x64x3.
"""

import itertools
import math
from typing import Literal

import keras
from keras import layers

from wgan_keras.layers import BatchNormalization, Conv2D, Conv2DTranspose, LayerNormalization, LeakyReLU
from wgan_keras.networks.registry import register_network
from wgan_keras.networks.sizes import Growth, LatentDim, Shape, Width

_COARSEST = range(4, 8)  # pixels on the short side where the convolutions stop


def halvings(image_shape):
    """How often (height, width) halve until the short side is 4 to 7 pixels.

    Raises:
        ValueError: the sides do not halve that far.
    """
    if len(image_shape) != 3:
        raise ValueError(f"image_shape is {tuple(image_shape)}; expected (height, width, channels).")
    height, width, _ = image_shape
    count, side = 0, min(height, width)
    while side > max(_COARSEST) and side % 2 == 0:
        count, side = count + 1, side // 2
    if side not in _COARSEST or count == 0 or height % 2**count or width % 2**count:
        raise ValueError(
            f"DCGAN networks cannot halve {height}x{width} pixels down to 4..7 on the short side. "
            "Use a size such as 28, 32, 40, 48, 64, 96 or 128, or resize the images."
        )
    return count


def _initializer(normalization, fan_in):
    """DCGAN's N(0, 0.02) counts on normalization to restore the scale of the signal; without one He's keeps it."""
    return keras.initializers.RandomNormal(stddev=0.02 if normalization else math.sqrt(2 / fan_in))


def _normalization(kind):
    """The layer for a normalization by name; "layer" is over (height, width, channels), one scale a channel."""
    if kind == "batch":
        return BatchNormalization(momentum=0.9, epsilon=1e-5)
    if kind == "layer":
        return LayerNormalization()
    return layers.Identity()


def _usual_generator(shape, width, latent_dim, normalization):
    return {"image_shape": shape, "latent_dim": 128 if latent_dim is None else latent_dim, "width": width}


def _usual_critic(shape, width, latent_dim, normalization):
    return {"image_shape": shape, "width": width, "normalization": normalization}


@register_network("dcgan_generator", usual=_usual_generator)
def dcgan_generator(
    image_shape: Shape,
    latent_dim: LatentDim = 128,
    width: Width = 64,
    normalization: Literal["batch"] | None = "batch",
    growth: Growth = 2,
) -> keras.Model:
    """Latents (batch, latent_dim) -> images (batch, *image_shape) in [-1, 1].

    Args:
        image_shape: (height, width, channels).
        latent_dim: length of the latent vector z.
        width: filters of the last hidden stage.
        normalization: "batch", or None for none.
        growth: factor by which the filters grow each time the resolution halves; 1 keeps them constant (with no
            normalization that is the generator of the WGAN paper's Figure 7).
    """
    stages = halvings(image_shape)
    height, width_px, channels = image_shape
    filters = [width * growth**i for i in reversed(range(stages))]

    def options(fan_in):
        return {"kernel_initializer": _initializer(normalization, fan_in), "use_bias": normalization is None}

    def activate(x):
        return layers.ReLU()(_normalization(normalization)(x))

    coarse = (height // 2**stages, width_px // 2**stages, filters[0])
    z = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(coarse[0] * coarse[1] * coarse[2], **options(latent_dim))(z)
    x = activate(layers.Reshape(coarse)(x))
    for before, count in itertools.pairwise(filters):
        # Of the 4x4 taps a stride of 2 lets 2x2 reach a pixel.
        x = activate(Conv2DTranspose(count, 4, strides=2, padding="same", **options(4 * before))(x))
    last = {**options(4 * filters[-1]), "use_bias": True}
    x = Conv2DTranspose(channels, 4, strides=2, padding="same", **last)(x)
    # The pictures are float32 under every dtype policy.
    return keras.Model(z, layers.Activation("tanh", dtype="float32")(x), name="generator")


@register_network("dcgan_critic", usual=_usual_critic)
def dcgan_critic(
    image_shape: Shape,
    width: Width = 64,
    normalization: Literal["layer", "batch"] | None = None,
    growth: Growth = 2,
) -> keras.Model:
    """Images (batch, *image_shape) -> scores (batch, 1), without a sigmoid.

    Args:
        image_shape: (height, width, channels).
        width: filters of the first stage.
        normalization: None; "layer", over height, width and channels of one image; or "batch" (never under a
            gradient penalty, where each image must have its own gradient). The first stage has none.
        growth: factor by which the filters grow each time the resolution halves.
    """
    images = keras.Input(image_shape, name="images")
    x = images
    for i in range(halvings(image_shape)):
        norm = _normalization(normalization) if i else layers.Identity()
        bias = isinstance(norm, layers.Identity)
        initializer = _initializer(normalization, 16 * x.shape[-1])
        x = Conv2D(width * growth**i, 4, 2, "same", use_bias=bias, kernel_initializer=initializer)(x)
        x = LeakyReLU(0.2)(norm(x))
    scores = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    return keras.Model(images, scores, name="critic")
