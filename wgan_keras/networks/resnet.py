"""Residual networks (Gulrajani et al., 2017; Miyato et al., 2018) at any size that halves down to 4..7 pixels.

The blocks are pre-activated: normalization, ReLU, convolution, twice, added to a shortcut. The generator's double the
sides by copies of the nearest pixel, the critic's halve them by means of 2x2 pixels. Networks of the papers:

    WGAN-GP, CIFAR-10     resnet_generator((32, 32, 3), 128, width=128, growth=1)
                          resnet_critic((32, 32, 3), width=128, growth=1, stages=2, plain_blocks=2, pooling="mean")
    SN-GAN, ImageNet 128  resnet_generator((128, 128, 3), 128, width=64, classes=1000)
                          resnet_critic((128, 128, 3), width=64, normalization="spectral", classes=1000)
"""

import math
from typing import Annotated, Literal

import keras
from keras import layers

from wgan_keras._schema import Range
from wgan_keras.layers import GlobalSumPooling2D, LeakyReLU
from wgan_keras.networks.labels import Conditioning, critic, generator_inputs, with_embedding
from wgan_keras.networks.normalization import needs_bias, normalized, spectral
from wgan_keras.networks.registry import register_network
from wgan_keras.networks.sizes import Classes, Growth, LatentDim, Shape, Width, halvings
from wgan_keras.networks.usual import usual_critic, usual_generator

Stages = Annotated[int, Range(at_least=1, at_most=16)]
PlainBlocks = Annotated[int, Range(at_least=0, at_most=100)]


def _convolution(filters, bias=True):
    """3x3, before or behind a ReLU; both papers' code draws it at sqrt(2) times Glorot's scale."""
    initializer = keras.initializers.VarianceScaling(2.0, "fan_avg", "uniform")
    return layers.Conv2D(filters, 3, padding="same", use_bias=bias, kernel_initializer=initializer)


def _relu(x):
    # Our own layer, because a gradient penalty differentiates it twice.
    return LeakyReLU(0.0)(x)


def _generator_block(x, filters, normalization, labels):
    """Doubles the sides."""
    h = layers.UpSampling2D(2)(_relu(normalized(x, normalization, labels)))
    h = _convolution(filters, needs_bias(normalization))(h)
    h = _convolution(filters)(_relu(normalized(h, normalization, labels)))
    # A 1x1 convolution of copies is the copies of the convolution, at a quarter of the work.
    return layers.Add()([h, layers.UpSampling2D(2)(layers.Conv2D(filters, 1)(x))])


def _critic_block(x, filters, normalization, halve):
    """Halves the sides, or with `halve=False` leaves them."""
    wrapped, width = spectral(normalization), x.shape[-1]
    h = _relu(normalized(x, normalization))
    h = wrapped(_convolution(width, needs_bias(normalization)))(h)
    h = wrapped(_convolution(filters))(_relu(normalized(h, normalization)))
    if halve:
        h, x = layers.AveragePooling2D(2)(h), layers.AveragePooling2D(2)(x)
    shortcut = wrapped(layers.Conv2D(filters, 1))(x) if halve or filters != width else x
    return layers.Add()([h, shortcut])


def _first_critic_block(images, filters, wrapped):
    """Halves the sides; it starts with the pixels themselves, which a ReLU would cut, and is not normalized."""
    h = _relu(wrapped(_convolution(filters))(images))
    h = layers.AveragePooling2D(2)(wrapped(_convolution(filters))(h))
    return layers.Add()([h, wrapped(layers.Conv2D(filters, 1))(layers.AveragePooling2D(2)(images))])


@register_network("resnet_generator", usual=usual_generator)
def resnet_generator(
    image_shape: Shape,
    latent_dim: LatentDim = 128,
    width: Width = 64,
    normalization: Literal["batch"] | None = "batch",
    growth: Growth = 2,
    classes: Classes | None = None,
) -> keras.Model:
    """Residual blocks, deeper than DCGAN's: latents (batch, latent_dim) -> images (batch, *image_shape) in [-1, 1].

    Args:
        image_shape: (height, width, channels).
        latent_dim: length of the latent vector z.
        width: filters of the last block. A block has `growth` times the filters of the one behind it, and the first
            features as many as the first block.
        normalization: "batch", or None for none.
        growth: factor by which the filters grow each time the resolution halves; 1 keeps them constant.
        classes: number of classes of a conditional network, which takes [latents, labels (batch, classes)]: by
            an embedding beside the latents, and `ConditionalBatchNormalization` in every block where there is a
            normalization. None for one without labels.

    References:
        Gulrajani et al., 2017, arXiv 1704.00028, appendix. Miyato et al., 2018, arXiv 1802.05957, appendix B.4. Miyato
        and Koyama, 2018, arXiv 1802.05637 (`classes`).
    """
    stages = halvings(image_shape)
    height, width_px, channels = image_shape
    z, labels, inputs = generator_inputs(latent_dim, classes)
    coarse = (height // 2**stages, width_px // 2**stages, width * growth ** (stages - 1))
    x = with_embedding(z, labels)
    x = layers.Reshape(coarse)(layers.Dense(math.prod(coarse))(x))
    for i in reversed(range(stages)):
        x = _generator_block(x, width * growth**i, normalization, labels)
    x = _relu(normalized(x, normalization))
    x = layers.Conv2D(channels, 3, padding="same")(x)
    # The pictures are float32 under every dtype policy.
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name="generator")


@register_network("resnet_critic", usual=usual_critic)
def resnet_critic(
    image_shape: Shape,
    width: Width = 64,
    normalization: Literal["layer", "batch", "spectral"] | None = None,
    growth: Growth = 2,
    stages: Stages | None = None,
    plain_blocks: PlainBlocks = 1,
    pooling: Literal["sum", "mean"] = "sum",
    classes: Classes | None = None,
    conditioning: Conditioning = "projection",
) -> keras.Model:
    """Residual blocks, deeper than DCGAN's: images (batch, *image_shape) -> scores (batch, 1), without a sigmoid.

    Args:
        image_shape: (height, width, channels).
        width: filters of the first block.
        normalization: None; "layer", over height, width and channels of one image; "batch" (never under a gradient
            penalty, where each image must have its own gradient); or "spectral", of every kernel
            (`SpectralNormalization`). By "layer" and "batch" the first block has none.
        growth: factor by which the filters grow each time the resolution halves.
        stages: blocks that halve the sides; None for as many as bring the short side to 4 to 7 pixels.
        plain_blocks: blocks behind them that leave the sides.
        pooling: of the last features over the pixels: "sum" (Miyato et al.) or "mean" (Gulrajani et al.).
        classes: number of classes of a conditional network; None for one without labels.
        conditioning: how it is: "projection" takes [images, labels (batch, classes)] and adds to a score the inner
            product of the label's embedding with the pooled features. "classifier" (AC-GAN) takes images alone and
            returns [scores, logits (batch, classes)].

    Raises:
        ValueError: sides that do not halve so often, a classifier without classes.

    References:
        Gulrajani et al., 2017, arXiv 1704.00028, appendix. Miyato et al., 2018, arXiv 1802.05957, appendix B.4. Miyato
        and Koyama, 2018, arXiv 1802.05637, equation 3 ("projection"). Odena et al., 2017, arXiv 1610.09585
        ("classifier").
    """
    count = _stages(image_shape, stages)
    images = keras.Input(image_shape, name="images")
    x = _first_critic_block(images, width, spectral(normalization))
    for i in range(1, count):
        x = _critic_block(x, width * growth**i, normalization, halve=True)
    for _ in range(plain_blocks):
        x = _critic_block(x, x.shape[-1], normalization, halve=False)
    pool = GlobalSumPooling2D if pooling == "sum" else layers.GlobalAveragePooling2D
    features = pool(dtype="float32")(_relu(x))
    return critic(images, features, features, classes, conditioning, spectral(normalization))


def _stages(image_shape, stages):
    if stages is None:
        return halvings(image_shape)
    if len(image_shape) != 3 or any(side % 2**stages for side in image_shape[:2]):
        raise ValueError(
            f"stages is {stages} and image_shape {tuple(image_shape)}; expected (height, width, channels) whose sides "
            f"are multiples of {2**stages}. Give fewer stages, or resize the images."
        )
    return stages
