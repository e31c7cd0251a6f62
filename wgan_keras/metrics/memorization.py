"""Nearest neighbors in the training set: are the samples new, or copies of what was trained on.

Source: Meehan, Chaudhuri, Dasgupta 2020, "A Non-Parametric Test to Detect Data-Copying in Generative Models",
section 3, over the whole space as one cell.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from wgan_keras.metrics.checks import check_pair
from wgan_keras.metrics.metric import Metric, Score, register_metric
from wgan_keras.metrics.neighbors import nearest


class NearestNeighbors(NamedTuple):
    """Of each sample, the distance (n,) to its nearest training feature, and the index (n,) of that one."""

    distances: np.ndarray
    indices: np.ndarray


class MemorizationScore(NamedTuple):
    """How the samples' distances to the training set compare with those of real images that were held out.

    `distance` and `held_out_distance` are medians in feature units. `z` is about standard normal for samples
    as new as the held-out images; far below 0 the samples are copies, far above 0 they are less like the
    training set than real images are.
    """

    distance: float
    held_out_distance: float
    z: float


def nearest_neighbors(fake: ArrayLike, train: ArrayLike) -> NearestNeighbors:
    """`NearestNeighbors` of features fake (n, width) in train (m, width); a copy's distance is 0."""
    train, fake = check_pair(train, fake)
    center = train.mean(axis=0)
    return NearestNeighbors(*nearest(fake - center, train - center))


def memorization(fake: ArrayLike, train: ArrayLike, held_out: ArrayLike) -> MemorizationScore:
    """`MemorizationScore` of fake (n, width) against train (m, width) and held-out real features (l, width)."""
    held_out_distances = nearest_neighbors(held_out, train).distances
    return _compare(nearest_neighbors(fake, train).distances, held_out_distances)


def _compare(distances, held_out_distances):
    n, m = len(distances), len(held_out_distances)
    # Mann and Whitney's U counts the pairs in which the sample is the farther one; ties are half a pair.
    u = rankdata(np.concatenate([distances, held_out_distances]))[:n].sum() - n * (n + 1) / 2
    z = (u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)
    return MemorizationScore(float(np.median(distances)), float(np.median(held_out_distances)), float(z))


@register_metric("memorization")
class Memorization(Metric):
    """Memorization: are samples nearer to training images than held-out images are? Then they are copies.

    It has no best state: by its first score that would be the one that copies most.
    """

    scores = {
        name: Score(better=None) for name in ("neighbor_distance", "held_out_neighbor_distance", "memorization_z")
    }
    in_all = True
    needs_reference = False
    needs_training_images = True
    _held_out_distances = None  # of the evaluation's real images; they take as long as the samples' own

    def compute(self, evaluation, extracted):
        if evaluation.neighbors is None:
            raise ValueError(
                f"{evaluation.protocol.name} compares with all training images; give their features, neighbors=."
            )
        if self._held_out_distances is None:
            self._held_out_distances = nearest_neighbors(
                evaluation.of_split("test").features, evaluation.neighbors
            ).distances
        distances = nearest_neighbors(extracted.features, evaluation.neighbors).distances
        score = _compare(distances, self._held_out_distances)
        return {
            "neighbor_distance": score.distance,
            "held_out_neighbor_distance": score.held_out_distance,
            "memorization_z": score.z,
        }
