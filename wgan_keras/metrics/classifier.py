"""The network of the `fashion_mnist_classifier` extractor: a small CNN whose pooled features stand in for
Inception's.

Inception was trained on 299x299 photographs; a 28x28 gray shirt is far from all it saw. A classifier trained
on the images' own kind separates them better (Lucic et al. 2018, "Are GANs Created Equal?", section 5, reason
likewise). `tools/train_classifier.py` trains it; `weights/fashion_mnist_classifier.json` says how well.
"""

import pathlib
from typing import Any

import keras

from wgan_keras.layers.data_format import channels_last
from wgan_keras.metrics.extractors import Extractor, register_extractor, runner
from wgan_keras.metrics.trained import FOLDER, convolution, load_trained

CARD = FOLDER / "fashion_mnist_classifier.json"
IMAGE_SHAPE = (28, 28, 1)
FEATURE_WIDTH = 128
CLASSES = 10


@channels_last()
def build_classifier() -> keras.Model:
    """The untrained network: images (batch, 28, 28, 1) in [-1, 1] -> [features, probabilities].

    `features` (batch, 128) are the last convolution's activations averaged over the 7x7 positions, as
    Inception's pool_3; `probabilities` (batch, 10) are the softmax of one linear layer on them.
    """
    images = keras.Input(IMAGE_SHAPE, name="images")
    x = convolution(images, 16)
    x = keras.layers.MaxPooling2D()(x)
    x = convolution(x, 64)
    x = convolution(x, 64)
    x = keras.layers.MaxPooling2D()(x)
    x = convolution(x, 128)
    x = convolution(x, FEATURE_WIDTH)
    features = keras.layers.GlobalAveragePooling2D(name="features")(x)
    logits = keras.layers.Dense(CLASSES, name="logits")(features)
    probabilities = keras.layers.Softmax(name="probabilities")(logits)
    return keras.Model(images, [features, probabilities], name="fashion_mnist_classifier")


def load_classifier(card_file: pathlib.Path = CARD) -> tuple[keras.Model, dict[str, Any]]:
    """The trained network and its card; see `trained.load_trained`."""
    return load_trained(build_classifier, card_file)


@register_extractor("fashion_mnist_classifier", data="fashion_mnist", classes=True)
def fashion_mnist_classifier() -> Extractor:
    """Gray 28x28 images -> features (n, 128) and the probabilities of the 10 classes."""
    model, card = load_classifier()
    return Extractor("fashion_mnist_classifier", runner(model), card, IMAGE_SHAPE)
