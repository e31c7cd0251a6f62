"""Stacked Fashion-MNIST: three garments as the channels of one image, a set of 1,000 modes for counting them.

Metz et al. 2017, "Unrolled Generative Adversarial Networks" (arXiv 1611.02163, section 3.3.1), and Srivastava et al.
2017, "VEEGAN" (arXiv 1705.07761, section 5.2), make the same of MNIST's digits.
"""

import itertools

import numpy as np

from wgan_keras.data.dataset import Location, register_data
from wgan_keras.data.fashion_mnist import FashionMNIST

# VEEGAN takes 128,000 to train on; 60,000 bound the memory (uint8: 141 MB). The test split has as many as PacGAN's and
# VEEGAN's scores take samples, so that a score and its reference have the same count.
SIZES = {"train": 60_000, "test": 26_000}
_SEEDS = {"train": 0, "test": 1}


@register_data("stacked_fashion_mnist")
class StackedFashionMNIST(FashionMNIST):
    """1,000 modes to count: three images of Fashion-MNIST as the channels of one, 28x28."""

    source = "made on the spot of Fashion-MNIST, Zalando Research (Xiao, Rasul, Vollgraf, 2017)"
    classes = tuple(", ".join(three) for three in itertools.product(FashionMNIST.classes, repeat=3))

    def read(self, location: Location, split: str, image_size: int | None = None) -> np.ndarray:
        """uint8 (N, 28, 28, 3); the same in every call. Each split is made of its own Fashion-MNIST images."""
        images = super().read(location, split)[..., 0]
        stacks = np.empty((SIZES[split], *images.shape[1:], 3), np.uint8)
        for channel, chosen in enumerate(_chosen(len(images), split).T):
            stacks[..., channel] = images[chosen]
        return stacks

    def read_labels(self, location: Location, split: str) -> np.ndarray:
        """100 a + 10 b + c for the classes a, b, c of the three channels."""
        labels = super().read_labels(location, split)
        return labels[_chosen(len(labels), split)] @ np.array([100, 10, 1])


def _chosen(n, split):
    """Which of n images are the channels of each stack: int64 (N, 3), each drawn uniformly from all."""
    return np.random.default_rng(_SEEDS[split]).integers(n, size=(SIZES[split], 3))
