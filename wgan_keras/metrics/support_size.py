"""How many different images a generator makes, by the birthday paradox.

Source: Arora and Zhang 2017, "Do GANs Actually Learn the Distribution? An Empirical Study" (arXiv 1706.08224). If a
batch of s samples holds a near duplicate with probability 1/2, the support has about s^2 elements. They look at the 20
nearest pairs and say which are duplicates; here a distance says it, which comes from real images.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.checks import check_count, check_features, check_pair
from wgan_keras.metrics.metric import Metric, Score, register_metric
from wgan_keras.metrics.neighbors import closed, squared_distance_blocks, squared_radii

SHARE = 0.01  # of real images whose nearest other one counts as their duplicate


class SupportScore(NamedTuple):
    """`support`, one over the share of pairs that are near duplicates, and the size of a batch that has one or none.

    N equally likely images make 1/N of all pairs duplicates, so that `support` is N; images that come more often than
    others make it smaller. Half of the batches of `birthday_batch` samples, sqrt(2 ln 2 N), hold a duplicate: 22.5 for
    the 365 birthdays. Where no pair of the n samples is one, the support is given as n (n - 1) / 2, and is at least
    about that.
    """

    support: float
    birthday_batch: float


def support_size(fake: ArrayLike, distance: float) -> SupportScore:
    """`SupportScore` of features fake (n, width), where pairs up to `distance` apart, in their unit, are duplicates.

    Raises:
        ValueError: features of another form, fewer than 2, or a distance below 0.
    """
    fake = check_features(fake, "fake")
    check_count(fake, 2, "fake", "duplicates are pairs")
    if not distance >= 0:
        raise ValueError(f"distance is {distance}; expected at least 0.")
    n = len(fake)
    duplicates = max(1, _pairs_within(_centered(fake), distance))
    support = n * (n - 1) / 2 / duplicates
    return SupportScore(support, math.sqrt(2 * math.log(2) * support))


def duplicate_distance(real: ArrayLike, share: float = SHARE) -> float:
    """The distance within which `share` of the real features (m, width) have another one: beyond chance, a duplicate.

    It shrinks as m grows: scores of different counts are never to be compared.
    """
    real = check_features(real, "real")
    check_count(real, 2, "real", "a nearest other image is one of at least 2")
    return float(np.quantile(np.sqrt(squared_radii(_centered(real), 1)), share))


def _pairs_within(x, distance):
    """How many pairs of rows are up to `distance` apart, or appear further by rounding alone."""
    radii, within = closed(x, np.full(len(x), distance**2)), 0
    for rows, squared in squared_distance_blocks(x, x):
        own = np.arange(len(x))[rows]
        squared[np.arange(len(own)), own] = np.inf  # each with itself
        within += int(np.count_nonzero(squared <= radii[rows, None]))
    return (within + 1) // 2  # each came twice, or at the edge by the wider ball alone


def _centered(features):
    """Distances lose fewer digits near the origin."""
    return features - features.mean(axis=0)


@register_metric("support")
class SupportSize(Metric):
    """`support_size` by the birthday paradox, at the `duplicate_distance` of the reference.

    Noise has a large support too: look at it beside a distance. Its row of real images is the support that as many
    real ones seem to have.
    """

    scores = {"support_size": Score(better="higher"), "birthday_batch": Score(better=None)}
    _distance: float | None = None  # of the evaluation's reference

    def compute(self, evaluation, extracted):
        check_pair(evaluation.reference, extracted.features)
        if self._distance is None:
            self._distance = duplicate_distance(evaluation.reference)
        score = support_size(extracted.features, self._distance)
        return {"support_size": score.support, "birthday_batch": score.birthday_batch}
