"""Normalizations by name, as the builders of networks take them."""

from keras import layers

from wgan_keras.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    LayerNormalization,
    SpectralNormalization,
)

_BATCH = {"momentum": 0.9, "epsilon": 1e-5}


def normalized(x, kind, labels=None):
    """`x` after the normalization "batch", that of `labels` if there are any, or "layer"; as it is for all others.

    "layer" is over (height, width, channels), with one scale and one shift a channel.
    """
    if kind == "batch" and labels is not None:
        return ConditionalBatchNormalization(**_BATCH)([x, labels])
    if kind == "batch":
        return BatchNormalization(**_BATCH)(x)
    if kind == "layer":
        return LayerNormalization()(x)
    return layers.Identity()(x)


def needs_bias(kind):
    """Whether a layer before the normalization has a use for a bias: "batch" and "layer" take the mean off."""
    return kind not in ("batch", "layer")


def spectral(kind):
    """What the normalization makes of a layer with a kernel: "spectral" divides the kernel by its spectral norm."""
    return SpectralNormalization if kind == "spectral" else _unchanged


def _unchanged(layer):
    return layer
