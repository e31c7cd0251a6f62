"""The network of the `fashion_mnist_classifier` extractor: a small CNN whose pooled features stand in for
Inception's.

Inception was trained on 299x299 photographs; a 28x28 gray shirt is far from all it saw. A classifier trained
on the images' own kind separates them better (Lucic et al. 2018, "Are GANs Created Equal?", section 5, reason
likewise). `tools/train_classifier.py` trains it; `weights/fashion_mnist_classifier.json` says how well.
"""

import pathlib
from typing import Any

import keras

from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import sha256
from wgan_keras.layers.precision import policy
from wgan_keras.metrics.extractors import Extractor, register_extractor, runner

CARD = pathlib.Path(__file__).parent / "weights" / "fashion_mnist_classifier.json"
IMAGE_SHAPE = (28, 28, 1)
FEATURE_WIDTH = 128
CLASSES = 10


def build_classifier() -> keras.Model:
    """The untrained network: images (batch, 28, 28, 1) in [-1, 1] -> [features, probabilities].

    `features` (batch, 128) are the last convolution's activations averaged over the 7x7 positions, as
    Inception's pool_3; `probabilities` (batch, 10) are the softmax of one linear layer on them.
    """
    images = keras.Input(IMAGE_SHAPE, name="images")
    x = _convolution(images, 16)
    x = keras.layers.MaxPooling2D()(x)
    x = _convolution(x, 64)
    x = _convolution(x, 64)
    x = keras.layers.MaxPooling2D()(x)
    x = _convolution(x, 128)
    x = _convolution(x, FEATURE_WIDTH)
    features = keras.layers.GlobalAveragePooling2D(name="features")(x)
    logits = keras.layers.Dense(CLASSES, name="logits")(features)
    probabilities = keras.layers.Softmax(name="probabilities")(logits)
    return keras.Model(images, [features, probabilities], name="fashion_mnist_classifier")


def load_classifier(card_file: pathlib.Path = CARD) -> tuple[keras.Model, dict[str, Any]]:
    """The trained network and its card, a dictionary with `sha256`, `accuracies` and how it was trained.

    The weights lie beside the card and are opened only after their sha256 agrees with it: ValueError when
    not.
    """
    card = read_json(card_file, "Install the package again.")
    weights = pathlib.Path(card_file).parent / card["weights"]
    digest = sha256(weights)
    if digest != card["sha256"]:
        raise ValueError(
            f"{weights} has the sha256 {digest}, its card says {card['sha256']}: the file is damaged or "
            "another one. Install the package again, or train it with tools/train_classifier.py."
        )
    with policy("float32"):
        model = build_classifier()
    model.load_weights(weights)
    return model, card


@register_extractor("fashion_mnist_classifier", data="fashion_mnist", classes=True)
def fashion_mnist_classifier() -> Extractor:
    """Gray 28x28 images -> features (n, 128) and the probabilities of the 10 classes."""
    model, card = load_classifier()
    return Extractor("fashion_mnist_classifier", runner(model), card, IMAGE_SHAPE)


def _convolution(x, width):
    x = keras.layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
    x = keras.layers.BatchNormalization()(x)
    return keras.layers.ReLU()(x)
