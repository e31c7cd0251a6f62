"""The Fréchet distance within each class: samples of a class asked for, from real images of that class.

Source: Miyato and Koyama 2018, "cGANs with Projection Discriminator" (arXiv 1802.05637, section 4), who call its mean
over the classes intra-FID; Benny et al. 2020 (arXiv 2004.12361, section 4) analyze it as the within-class FID. A
generator that ignores its labels may have the best FID there is, and a bad intra-FID.
"""

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.by_class import within_classes
from wgan_keras.metrics.frechet import frechet_distance
from wgan_keras.metrics.metric import Metric, Score, register_metric


def intra_class_frechet_distance(
    real: ArrayLike, real_labels: ArrayLike, fake: ArrayLike, fake_labels: ArrayLike
) -> np.ndarray:
    """`frechet_distance` within each class; the mean is the intra-FID.

    Args:
        real: features (n, width).
        real_labels: (n,) class numbers of the real images.
        fake: features (m, width).
        fake_labels: (m,) class numbers that the samples were asked for.

    Returns:
        (classes,), a distance >= 0 in squared feature units for each class of `real_labels`, in order.

    Raises:
        ValueError: a class that only one of the sets has, or of which either has no more samples than the features'
            width.
    """
    classes = within_classes(real, real_labels, fake, fake_labels)
    return np.array([_distance(number, *features) for number, *features in classes])


def _distance(number, real, fake):
    try:
        return frechet_distance(real, fake)
    except ValueError as error:
        raise type(error)(f"Class {number}: {error}") from None


@register_metric("intra_fid")
class IntraClassFrechetDistance(Metric):
    """`intra_class_frechet_distance` from the reference, the mean over the classes."""

    scores = {"intra_fid": Score(distance=True)}
    needs_labels = True

    def compute(self, evaluation, extracted):
        real = evaluation.real
        distances = intra_class_frechet_distance(real.features, real.labels, extracted.features, extracted.labels)
        return {"intra_fid": distances}
