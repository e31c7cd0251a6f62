"""Nearest neighbours in the training set: are the samples new, or copies of what was trained on.

Source: Meehan, Chaudhuri, Dasgupta 2020, "A Non-Parametric Test to Detect Data-Copying in Generative Models",
section 3, over the whole space as one cell.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from wgan_keras.metrics.accumulate import AgainstReference
from wgan_keras.metrics.checks import check_features, check_pair
from wgan_keras.metrics.neighbours import nearest


class NearestNeighbours(NamedTuple):
    """Of each sample, the distance (n,) to its nearest training feature, and the index (n,) of that one."""

    distances: np.ndarray
    indices: np.ndarray


class MemorisationScore(NamedTuple):
    """How the samples' distances to the training set compare with those of real images that were held out.

    `distance` and `held_out_distance` are medians in feature units. `z` is about standard normal for samples
    as new as the held-out images; far below 0 the samples are copies, far above 0 they are less like the
    training set than real images are.
    """

    distance: float
    held_out_distance: float
    z: float


def nearest_neighbours(fake, train):
    """`NearestNeighbours` of features fake (n, width) in train (m, width); a copy's distance is 0."""
    train, fake = check_pair(train, fake)
    centre = train.mean(axis=0)
    return NearestNeighbours(*nearest(fake - centre, train - centre))


def memorisation(fake, train, held_out):
    """`MemorisationScore` of fake (n, width) against train (m, width) and held-out real features (l, width)."""
    held_out_distances = nearest_neighbours(held_out, train).distances
    return _compare(nearest_neighbours(fake, train).distances, held_out_distances)


class Memorisation(AgainstReference):
    """`memorisation` of features that come in batches; `train` (m, width) and `held_out` (l, width) stay."""

    def __init__(self, train, held_out):
        super().__init__(train)
        held_out = check_features(held_out, "held_out")
        self.held_out_distances = nearest_neighbours(held_out, self.reference).distances

    def score(self, real, fake):
        return _compare(nearest_neighbours(fake, real).distances, self.held_out_distances)


def _compare(distances, held_out_distances):
    n, m = len(distances), len(held_out_distances)
    # Mann and Whitney's U counts the pairs in which the sample is the farther one; ties are half a pair.
    u = rankdata(np.concatenate([distances, held_out_distances]))[:n].sum() - n * (n + 1) / 2
    z = (u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)
    return MemorisationScore(float(np.median(distances)), float(np.median(held_out_distances)), float(z))
