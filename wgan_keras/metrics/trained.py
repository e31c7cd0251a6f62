"""Small networks that were trained for this library: their weights and cards come with the package, in `weights`."""

import pathlib
from collections.abc import Callable
from typing import Any

import keras

from wgan_keras._types import Tensor
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import sha256
from wgan_keras.layers.precision import policy

FOLDER = pathlib.Path(__file__).parent / "weights"


def load_trained(build: Callable[[], keras.Model], card_file: pathlib.Path) -> tuple[keras.Model, dict[str, Any]]:
    """A trained network and its card, a dictionary with `sha256`, `accuracies` and how it was trained.

    The weights lie beside the card and are opened only after their sha256 agrees with it.

    Args:
        build: makes the untrained network.
        card_file: the card, a JSON file.

    Raises:
        ValueError: the weights are not those of the card.
    """
    card = read_json(card_file, "Install the package again.")
    weights = pathlib.Path(card_file).parent / card["weights"]
    digest = sha256(weights)
    if digest != card["sha256"]:
        raise ValueError(
            f"{weights} has the sha256 {digest}, its card says {card['sha256']}: the file is damaged or another one. "
            f"Install the package again, or train it: {card.get('command', 'see tools/')}"
        )
    with policy("float32"):
        model = build()
    model.load_weights(weights)
    return model, card


def convolution(x: Tensor, width: int, strides: int = 1) -> Tensor:
    """3x3, batch normalization, ReLU."""
    x = keras.layers.Conv2D(width, 3, strides, padding="same", use_bias=False)(x)
    x = keras.layers.BatchNormalization()(x)
    return keras.layers.ReLU()(x)
