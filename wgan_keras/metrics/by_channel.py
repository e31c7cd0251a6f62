"""The Fashion-MNIST classifier on stacks of three garments, each channel an image of its own.

The channels of `stacked_fashion_mnist` are independent, and so are the classifier's words on them: the probability of
the classes (a, b, c) is p1(a) p2(b) p3(c). With it the stacks have a classifier of 1,000 classes, and no network had to
be trained for them.
"""

import numpy as np

from wgan_keras.metrics.classifier import IMAGE_SHAPE, load_classifier
from wgan_keras.metrics.extractors import Extractor, register_extractor, runner

CHANNELS = 3


@register_extractor("fashion_mnist_classifier_by_channel", data="stacked_fashion_mnist", classes=True)
def fashion_mnist_classifier_by_channel() -> Extractor:
    """Stacks of three gray 28x28 images -> features (n, 384) and the probabilities of 1,000 triples of classes."""
    model, card = load_classifier()
    run = runner(model)

    def run_stacks(stacks):
        features, probabilities = run(_unstacked(stacks))
        return features.reshape(len(stacks), -1), _of_triples(probabilities.reshape(len(stacks), CHANNELS, -1))

    name = "fashion_mnist_classifier_by_channel"
    return Extractor(name, run_stacks, card | {"channels": CHANNELS}, (*IMAGE_SHAPE[:2], CHANNELS))


def _unstacked(stacks):
    """(n, h, w, 3) -> (3 n, h, w, 1), the channels of a stack one after another."""
    return np.moveaxis(stacks, -1, 1).reshape(-1, *IMAGE_SHAPE)


def _of_triples(probabilities):
    """(n, 3, classes) -> (n, classes^3), that of a, b, c in place classes^2 a + classes b + c."""
    first, second, third = np.moveaxis(probabilities, 1, 0)
    return np.einsum("ni,nj,nk->nijk", first, second, third).reshape(len(probabilities), -1)
