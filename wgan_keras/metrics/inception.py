"""Keras's InceptionV3 as an extractor, from a weights file on this machine.

Source: Szegedy et al. 2016, "Rethinking the Inception Architecture"; its pooled features carry the FID and
KID. The resize is antialiased and bicubic, after Parmar et al. 2022, "On Aliased Resizing and Surprising
Subtleties in GAN Evaluation"; without antialiasing the score of shrunk pictures is wrong.
"""

import pathlib
from typing import Any

import h5py
import keras
import numpy as np
from keras import ops

from wgan_keras._types import PathLike
from wgan_keras.files.saving import sha256
from wgan_keras.layers.data_format import channels_last
from wgan_keras.layers.precision import policy
from wgan_keras.metrics.extractors import Extractor, register_extractor, runner

SIDE = 299  # pixels
FEATURE_WIDTH = 2048


def load_inception(weights: PathLike | None) -> tuple[keras.Model, dict[str, Any]]:
    """The model (batch, 299, 299, 3) in [-1, 1] -> [features (batch, 2048), probabilities], and its card.

    `weights` is a file of InceptionV3's weights as Keras publishes (with or without the top layer; without it
    the probabilities are missing) or as `save_weights` writes them. FileNotFoundError when there is none,
    ValueError when it holds something else.
    """
    path = None if weights is None else pathlib.Path(weights).expanduser()
    if path is None or not path.is_file():
        raise FileNotFoundError(
            f"The extractor 'inception' needs a weights file of Keras's InceptionV3; {weights!r} is "
            "none. Nothing is downloaded here; keras.applications.InceptionV3() on a machine with a network "
            "stores one in ~/.keras/models."
        )
    digest = sha256(path)
    shapes = _shapes_in(path)
    # The top layer's kernel (2048, classes) is the only matrix of the network.
    classes = next((shape[1] for shape in shapes if len(shape) == 2), None)
    with policy("float32"), channels_last():
        network = keras.applications.InceptionV3(
            include_top=classes is not None,
            weights=None,
            pooling="avg",
            classes=classes or 1000,
            input_shape=(SIDE, SIDE, 3),
        )
    # Keras only warns of layers that a file does not name, and leaves them random.
    if sorted(shapes) != sorted(tuple(weight.shape) for weight in network.weights):
        raise ValueError(
            f"{weights} holds {len(shapes)} arrays that are not the {len(network.weights)} of Keras's InceptionV3; "
            "expected its weights file, with or without the top layer."
        )
    network.load_weights(path)
    outputs = network.output
    if classes is not None:
        outputs = [network.get_layer("avg_pool").output, network.output]
    model = keras.Model(network.input, outputs, name="inception")
    card = {"name": "inception", "sha256": digest, "feature_width": FEATURE_WIDTH, "classes": classes}
    return model, card


def prepare(images: np.ndarray) -> np.ndarray:
    """Images (n, height, width, 1 or 3) in [-1, 1] as float32 (n, 299, 299, 3), gray ones in all channels."""
    if images.shape[-1] not in (1, 3):
        raise ValueError(f"Images of shape {images.shape} came; 'inception' expects 1 or 3 channels, last.")
    if images.shape[-1] == 1:
        images = np.repeat(images, 3, axis=-1)
    resized = ops.image.resize(
        images, (SIDE, SIDE), interpolation="bicubic", antialias=True, data_format="channels_last"
    )
    return ops.convert_to_numpy(ops.clip(resized, -1.0, 1.0))  # bicubic weights overshoot at edges


@register_extractor("inception", classes=True, takes_weights=True)
def inception(weights: PathLike | None) -> Extractor:
    """Gray or color images of any size -> features (n, 2048), and probabilities where the file has the top layer.

    The weights are Keras's own: scores under it are no FID of the literature, which uses the network of 2015.
    """
    model, card = load_inception(weights)
    return Extractor("inception", runner(model, prepare), card, (None, None, None), batch_size=32)


def _shapes_in(weights):
    """The shapes of all arrays in a weights file."""
    shapes = []

    def look(_, entry):
        if isinstance(entry, h5py.Dataset):
            shapes.append(entry.shape)

    try:
        with h5py.File(weights, "r") as file:
            file.visititems(look)
    except OSError as error:
        raise ValueError(f"{weights} is no HDF5 file of weights ({error}); expected InceptionV3's.") from error
    return shapes
