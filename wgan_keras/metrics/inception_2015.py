"""The Inception network of December 2015, whose features carry the FID of the literature, from a user's weights file.

Source: Szegedy et al. 2016, "Rethinking the Inception Architecture for Computer Vision" (arXiv 1512.00567), in the form
of TensorFlow's graph `classify_image_graph_def.pb`. Salimans et al. 2016 (arXiv 1606.03498) took its probabilities for
the inception score, Heusel et al. 2017 (arXiv 1706.08500) its pooled features for the FID. It differs from the network
of `keras.applications` in its weights, in the pooling of its last block, which is by the maximum, and in the resize:
TensorFlow 1's bilinear one, which puts pixel i of the large picture at i * small / large of the small one and does not
antialias.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeAlias

import keras
import numpy as np
from keras import layers

from wgan_keras._types import PathLike
from wgan_keras.layers.data_format import channels_last
from wgan_keras.layers.precision import policy
from wgan_keras.metrics.extractors import Extractor, register_extractor, runner
from wgan_keras.metrics.inception_files import read_weights
from wgan_keras.pipelines.pixels import to_bytes

SIDE = 299  # pixels
FEATURE_WIDTH = 2048
CLASSES = 1008  # 1,000 of ImageNet, and 8 that are never used

Conv: TypeAlias = Callable[..., Any]


@register_extractor("inception2015", classes=True, takes_weights=True)
def inception2015(weights: PathLike | None) -> Extractor:
    """Gray or color images of any size -> features (n, 2048) and probabilities, as the papers' FID and IS have them.

    Pixels are rounded to whole numbers in 0..255 first, as in picture files. `weights` is torch-fidelity's
    `weights-inception-2015-12-05-6726825d.pth`, the same of pytorch-fid, or TensorFlow's `classify_image_graph_def.pb`.
    """
    arrays, digest = read_weights(weights)
    model = build()
    fill(model, arrays, weights)
    card = {"name": "inception2015", "sha256": digest, "feature_width": FEATURE_WIDTH, "classes": CLASSES}
    return Extractor("inception2015", runner(model, prepare), card, (None, None, None), batch_size=32)


def prepare(images: np.ndarray) -> np.ndarray:
    """Images (n, height, width, 1 or 3) in [-1, 1] as float32 (n, 299, 299, 3) in [-1, 1), gray ones three times."""
    if images.shape[-1] not in (1, 3):
        raise ValueError(f"Images of shape {images.shape} came; 'inception2015' expects 1 or 3 channels, last.")
    pixels = np.rint(to_bytes(np.asarray(images, np.float32))).clip(0, 255)
    resized = resize(resize(pixels, axis=2), axis=1)
    return np.broadcast_to((resized - 128) / 128, (*resized.shape[:3], 3))


def resize(pixels: np.ndarray, axis: int) -> np.ndarray:
    """TensorFlow 1's bilinear resize of one axis to 299."""
    size = pixels.shape[axis]
    place = np.arange(SIDE, dtype=np.float32) * np.float32(size / SIDE)
    low = np.minimum(place.astype(int), size - 1)
    high = np.minimum(low + 1, size - 1)
    share = (place - low).reshape([-1 if each == axis else 1 for each in range(pixels.ndim)])
    below, above = (np.take(pixels, index, axis) for index in (low, high))
    return below + (above - below) * share


def build() -> keras.Model:
    """The network (batch, 299, 299, 3) -> [features (batch, 2048), probabilities (batch, 1008)], with random weights.

    Layers have the names of torch-fidelity's modules. The probabilities are without the bias of the last layer, as the
    inception score has been computed from its first implementation on.
    """
    with policy("float32"), channels_last():
        image = x = keras.Input((SIDE, SIDE, 3))
        x = _conv(x, "Conv2d_1a_3x3", 32, 3, 2, "valid")
        x = _conv(x, "Conv2d_2a_3x3", 32, 3, 1, "valid")
        x = layers.MaxPooling2D(3, 2)(_conv(x, "Conv2d_2b_3x3", 64, 3))
        x = _conv(x, "Conv2d_3b_1x1", 80, 1, 1, "valid")
        x = layers.MaxPooling2D(3, 2)(_conv(x, "Conv2d_4a_3x3", 192, 3, 1, "valid"))
        for name, block in _BLOCKS.items():
            x = layers.Concatenate(name=name)(block(x, functools.partial(_within, name)))
        features = layers.GlobalAveragePooling2D()(x)
        probabilities = layers.Dense(CLASSES, "softmax", use_bias=False, name="fc")(features)
    return keras.Model(image, [features, probabilities], name="inception2015")


def fill(model: keras.Model, arrays: dict[str, np.ndarray], source: Any) -> None:
    """Sets the network's weights to arrays by torch-fidelity's names, in its shapes.

    Raises:
        ValueError: an array is missing or of another shape.
    """
    for layer in model.layers:
        names = _arrays_of(layer)
        lacking = [name for name in names if name not in arrays]
        if lacking:
            raise ValueError(f"{source} holds no {lacking[0]}; expected the weights of the Inception network of 2015.")
        values = [_in_keras(arrays[name]) for name in names]
        shapes = [tuple(each.shape) for each in layer.weights]
        if [value.shape for value in values] != shapes:
            raise ValueError(
                f"{source} holds {names[0]} of shape {arrays[names[0]].shape}, which is not that of the Inception "
                "network of 2015; expected its weights."
            )
        layer.set_weights(values)


def _arrays_of(layer):
    """Names of a layer's weights, in Keras's order."""
    if isinstance(layer, layers.BatchNormalization):
        return [f"{layer.name}.{each}" for each in ("weight", "bias", "running_mean", "running_var")]
    return [f"{layer.name}.weight"] if isinstance(layer, layers.Conv2D | layers.Dense) else []


def _in_keras(array):
    """PyTorch's (out, in, height, width) or (out, in) as (height, width, in, out) or (in, out)."""
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T


def _conv(x, name, filters, kernel, strides=1, padding="same"):
    x = layers.Conv2D(filters, kernel, strides, padding, use_bias=False, name=f"{name}.conv")(x)
    return layers.ReLU()(layers.BatchNormalization(epsilon=1e-3, name=f"{name}.bn")(x))


def _within(block, x, *steps):
    """Convolutions of a block one after the other, each (name, filters, kernel and perhaps strides, padding)."""
    for name, *options in steps:
        x = _conv(x, f"{block}.{name}", *options)
    return x


def _mean(x):
    return layers.AveragePooling2D(3, 1, "same")(x)  # zeros around the picture do not count


def _largest(x):
    return layers.MaxPooling2D(3, 1, "same")(x)


def _block_a(pooled):
    def block(x, conv):
        return [
            conv(x, ("branch1x1", 64, 1)),
            conv(x, ("branch5x5_1", 48, 1), ("branch5x5_2", 64, 5)),
            conv(x, ("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3)),
            conv(_mean(x), ("branch_pool", pooled, 1)),
        ]

    return block


def _block_b(x, conv):
    return [
        conv(x, ("branch3x3", 384, 3, 2, "valid")),
        conv(x, ("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3, 2, "valid")),
        layers.MaxPooling2D(3, 2)(x),
    ]


def _block_c(width):
    row, column = (1, 7), (7, 1)

    def block(x, conv):
        return [
            conv(x, ("branch1x1", 192, 1)),
            conv(x, ("branch7x7_1", width, 1), ("branch7x7_2", width, row), ("branch7x7_3", 192, column)),
            conv(
                x,
                ("branch7x7dbl_1", width, 1),
                ("branch7x7dbl_2", width, column),
                ("branch7x7dbl_3", width, row),
                ("branch7x7dbl_4", width, column),
                ("branch7x7dbl_5", 192, row),
            ),
            conv(_mean(x), ("branch_pool", 192, 1)),
        ]

    return block


def _block_d(x, conv):
    return [
        conv(x, ("branch3x3_1", 192, 1), ("branch3x3_2", 320, 3, 2, "valid")),
        conv(
            x,
            ("branch7x7x3_1", 192, 1),
            ("branch7x7x3_2", 192, (1, 7)),
            ("branch7x7x3_3", 192, (7, 1)),
            ("branch7x7x3_4", 192, 3, 2, "valid"),
        ),
        layers.MaxPooling2D(3, 2)(x),
    ]


def _block_e(pool):
    def block(x, conv):
        single = conv(x, ("branch3x3_1", 384, 1))
        double = conv(x, ("branch3x3dbl_1", 448, 1), ("branch3x3dbl_2", 384, 3))
        return [
            conv(x, ("branch1x1", 320, 1)),
            conv(single, ("branch3x3_2a", 384, (1, 3))),
            conv(single, ("branch3x3_2b", 384, (3, 1))),
            conv(double, ("branch3x3dbl_3a", 384, (1, 3))),
            conv(double, ("branch3x3dbl_3b", 384, (3, 1))),
            conv(pool(x), ("branch_pool", 192, 1)),
        ]

    return block


_BLOCKS = {
    "Mixed_5b": _block_a(32),
    "Mixed_5c": _block_a(64),
    "Mixed_5d": _block_a(64),
    "Mixed_6a": _block_b,
    "Mixed_6b": _block_c(128),
    "Mixed_6c": _block_c(160),
    "Mixed_6d": _block_c(160),
    "Mixed_6e": _block_c(192),
    "Mixed_7a": _block_d,
    "Mixed_7b": _block_e(_mean),
    "Mixed_7c": _block_e(_largest),
}
