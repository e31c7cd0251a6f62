"""The `emoji_classifier` extractor: what an emoji shows and which family drew it, for pictures in color.

Pooled features of a network that tells both apart change with what is drawn and with how it is drawn: shapes, outlines,
shading. `tools/train_emoji_classifier.py` trains it; `weights/emoji_classifier.json` says how well.
"""

import keras

from wgan_keras.layers.data_format import channels_last
from wgan_keras.metrics.extractors import Extractor, register_extractor, runner
from wgan_keras.metrics.trained import FOLDER, convolution, load_trained

CARD = FOLDER / "emoji_classifier.json"
IMAGE_SHAPE = (64, 64, 3)
FEATURE_WIDTH = 128
CATEGORIES = 9
FAMILIES = 4


@channels_last()
def build_emoji_classifier() -> keras.Model:
    """The untrained network: images (batch, 64, 64, 3) in [-1, 1] -> [features, categories, families].

    `features` (batch, 128) are the last convolution's activations averaged over the 4x4 positions; `categories`
    (batch, 9) and `families` (batch, 4) are the softmax of one linear layer each on them.
    """
    images = keras.Input(IMAGE_SHAPE, name="images")
    x = convolution(images, 24, strides=2)
    x = convolution(x, 48, strides=2)
    x = convolution(x, 64)
    x = keras.layers.MaxPooling2D()(x)
    x = convolution(x, 96)
    x = convolution(x, 128, strides=2)
    x = convolution(x, FEATURE_WIDTH)
    features = keras.layers.GlobalAveragePooling2D(name="features")(x)
    categories = keras.layers.Dense(CATEGORIES, "softmax", name="categories")(features)
    families = keras.layers.Dense(FAMILIES, "softmax", name="families")(features)
    return keras.Model(images, [features, categories, families], name="emoji_classifier")


@register_extractor("emoji_classifier", data="emoji_families", classes=True)
def emoji_classifier() -> Extractor:
    """Color 64x64 images -> features (n, 128) and the probabilities of the 9 categories of emoji."""
    model, card = load_trained(build_emoji_classifier, CARD)
    return Extractor("emoji_classifier", runner(keras.Model(model.input, model.output[:2])), card, IMAGE_SHAPE)
