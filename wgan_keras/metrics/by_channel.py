"""The Fashion-MNIST classifier on stacks of three garments, each channel an image of its own.

So the 1,000 modes of `stacked_fashion_mnist` are counted without a network trained for them.
"""

import numpy as np

from wgan_keras.metrics.classifier import IMAGE_SHAPE, load_classifier
from wgan_keras.metrics.extractors import Extractor, register_extractor, runner

CHANNELS = 3


@register_extractor("fashion_mnist_classifier_by_channel", data="stacked_fashion_mnist")
def fashion_mnist_classifier_by_channel() -> Extractor:
    """Stacks of three gray 28x28 images -> features (n, 384) and probabilities (n, 3, 10), channel by channel."""
    model, card = load_classifier()
    run = runner(model)

    def run_stacks(stacks):
        n = len(stacks)
        features, probabilities = run(np.moveaxis(stacks, -1, 1).reshape(n * CHANNELS, *IMAGE_SHAPE))
        return features.reshape(n, -1), probabilities.reshape(n, CHANNELS, -1)

    name = "fashion_mnist_classifier_by_channel"
    return Extractor(name, run_stacks, card | {"channels": CHANNELS}, (*IMAGE_SHAPE[:2], CHANNELS))
