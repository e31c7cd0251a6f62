"""The samples of each class beside the real images of that class."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.checks import check_pair


def check_labels(labels: ArrayLike, count: int, name: str) -> np.ndarray:
    """`labels` as an array; ValueError unless they are class numbers (count,), from 0."""
    labels = np.asarray(labels)
    if labels.shape != (count,) or labels.dtype.kind not in "iu" or (labels < 0).any():
        raise ValueError(
            f"{name} are {labels.dtype} of shape {labels.shape}; expected whole numbers from 0, of shape ({count},), "
            "the class of each."
        )
    return labels


def within_classes(
    real: ArrayLike, real_labels: ArrayLike, fake: ArrayLike, fake_labels: ArrayLike
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield (class, its rows of real, its rows of fake) for each class of `real_labels`, in order.

    Args:
        real: features (n, width).
        real_labels: (n,) class numbers of the real images.
        fake: features (m, width).
        fake_labels: (m,) class numbers that the samples were asked for.

    Raises:
        ValueError: features or labels of another form; classes that only one of the sets has.
    """
    real, fake = check_pair(real, fake)
    real_labels = check_labels(real_labels, len(real), "real_labels")
    fake_labels = check_labels(fake_labels, len(fake), "fake_labels")
    check_same_classes(real_labels, fake_labels)
    for number in np.unique(real_labels):
        yield int(number), real[real_labels == number], fake[fake_labels == number]


def check_same_classes(real_labels: np.ndarray, fake_labels: np.ndarray) -> None:
    """ValueError unless both have samples of the same classes."""
    other = np.setxor1d(real_labels, fake_labels)
    if other.size:
        having, lacking = ("real images", "samples") if other[0] in real_labels else ("samples", "real images")
        raise ValueError(
            f"Class {other[0]} has {having} and no {lacking}; classes are compared one by one, so that both need some "
            "of each. Take more."
        )
