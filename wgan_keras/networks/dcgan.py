"""DCGAN (Radford et al., 2015) at any size that halves down to 4..7 pixels: 28, 32, 64, 128, ...

Every stage is a 4x4 convolution of stride 2. At 64x64x3 and width 64 these are the networks of the WGAN paper's
baseline: 4x4x512, 8x8x256, 16x16x128, 32x32x64, 64x64x3.
"""

import functools
import math
from typing import Literal

import keras
from keras import layers

from wgan_keras.layers import Conv2D, Conv2DTranspose, LeakyReLU
from wgan_keras.networks.labels import Conditioning, critic, generator_inputs, with_embedding
from wgan_keras.networks.normalization import needs_bias, normalized, spectral
from wgan_keras.networks.registry import register_network
from wgan_keras.networks.sizes import Classes, Growth, LatentDim, Shape, Width, halvings
from wgan_keras.networks.usual import usual_critic, usual_generator


def _initializer(normalization, fan_in):
    """DCGAN's N(0, 0.02) counts on normalization to restore the scale of the signal; without one He's keeps it."""
    return keras.initializers.RandomNormal(stddev=0.02 if normalization else math.sqrt(2 / fan_in))


def _doubled(x, filters, upsampling, options):
    """A stage of the generator, without normalization and activation."""
    if upsampling == "resize":
        return Conv2D(filters, 3, padding="same", **options(9 * x.shape[-1]))(layers.UpSampling2D(2)(x))
    # Of the 4x4 taps a stride of 2 lets 2x2 reach a pixel.
    return Conv2DTranspose(filters, 4, strides=2, padding="same", **options(4 * x.shape[-1]))(x)


@register_network("dcgan_generator", usual=usual_generator)
def dcgan_generator(
    image_shape: Shape,
    latent_dim: LatentDim = 128,
    width: Width = 64,
    normalization: Literal["batch"] | None = "batch",
    growth: Growth = 2,
    upsampling: Literal["transposed", "resize"] = "transposed",
    classes: Classes | None = None,
) -> keras.Model:
    """DCGAN's convolutions, for images: latents (batch, latent_dim) -> (batch, *image_shape) in [-1, 1].

    Args:
        image_shape: (height, width, channels).
        latent_dim: length of the latent vector z.
        width: filters of the last hidden stage.
        normalization: "batch", or None for none.
        growth: factor by which the filters grow each time the resolution halves; 1 keeps them constant (with no
            normalization that is the generator of the WGAN paper's Figure 7).
        upsampling: "transposed", DCGAN's convolutions of stride 2; or "resize", copies of the nearest pixel followed
            by a 3x3 convolution, which makes no checkerboard.
        classes: number of classes of a conditional network, which takes [latents, labels (batch, classes)]: by
            an embedding beside the latents, and `ConditionalBatchNormalization` where there is a normalization. None
            for one without labels.

    References:
        Radford et al., 2015, arXiv 1511.06434. Odena et al., 2016, "Deconvolution and Checkerboard Artifacts",
        doi 10.23915/distill.00003. Dumoulin et al., 2017, arXiv 1610.07629 (`classes`).
    """
    stages = halvings(image_shape)
    height, width_px, channels = image_shape
    filters = [width * growth**i for i in reversed(range(stages))]
    z, labels, inputs = generator_inputs(latent_dim, classes)

    def options(fan_in, bias=normalization is None):
        return {"kernel_initializer": _initializer(normalization, fan_in), "use_bias": bias}

    def activate(x):
        return layers.ReLU()(normalized(x, normalization, labels))

    coarse = (height // 2**stages, width_px // 2**stages, filters[0])
    x = with_embedding(z, labels)
    x = layers.Dense(math.prod(coarse), **options(x.shape[-1]))(x)
    x = activate(layers.Reshape(coarse)(x))
    for count in filters[1:]:
        x = activate(_doubled(x, count, upsampling, options))
    x = _doubled(x, channels, upsampling, functools.partial(options, bias=True))
    # The pictures are float32 under every dtype policy.
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name="generator")


@register_network("dcgan_critic", usual=usual_critic)
def dcgan_critic(
    image_shape: Shape,
    width: Width = 64,
    normalization: Literal["layer", "batch", "spectral"] | None = None,
    growth: Growth = 2,
    classes: Classes | None = None,
    conditioning: Conditioning = "projection",
) -> keras.Model:
    """DCGAN's convolutions, for images: (batch, *image_shape) -> scores (batch, 1), without a sigmoid.

    Args:
        image_shape: (height, width, channels).
        width: filters of the first stage.
        normalization: None; "layer", over height, width and channels of one image; "batch" (never under a gradient
            penalty, where each image must have its own gradient); or "spectral", of every kernel
            (`SpectralNormalization`). By "layer" and "batch" the first stage has none.
        growth: factor by which the filters grow each time the resolution halves.
        classes: number of classes of a conditional network; None for one without labels.
        conditioning: how it is: "projection" takes [images, labels (batch, classes)] and adds to a score the inner
            product of the label's embedding with the last features, summed over the pixels. "classifier" (AC-GAN)
            takes images alone and returns [scores, logits (batch, classes)].

    Raises:
        ValueError: a classifier without classes.

    References:
        Radford et al., 2015, arXiv 1511.06434. Miyato et al., 2018, arXiv 1802.05957 ("spectral"). Miyato and Koyama,
        2018, arXiv 1802.05637, equation 3 ("projection"). Odena et al., 2017, arXiv 1610.09585 ("classifier").
    """
    wrapped = spectral(normalization)
    images = keras.Input(image_shape, name="images")
    x = images
    for i in range(halvings(image_shape)):
        kind = normalization if i else None
        initializer = _initializer(normalization, 16 * x.shape[-1])
        convolution = Conv2D(width * growth**i, 4, 2, "same", use_bias=needs_bias(kind), kernel_initializer=initializer)
        x = LeakyReLU(0.2)(normalized(wrapped(convolution)(x), kind))
    return critic(images, x, layers.Flatten()(x), classes, conditioning, wrapped)
