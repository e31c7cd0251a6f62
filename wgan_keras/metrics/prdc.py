"""Precision, recall, density and coverage: do samples lie among the real ones, and do they reach all of them.

Around each feature of a set lies a ball that reaches its k-th nearest neighbor in that set; the union of the
balls stands for the set's manifold. Sources: Kynkäänniemi et al. 2019, "Improved Precision and Recall
Metric", eq. 1 and 2; Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics", section 3, with its k = 5.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.checks import check_count, check_pair
from wgan_keras.metrics.metric import Metric, Score, register_metric
from wgan_keras.metrics.neighbors import closed, squared_distance_blocks, squared_radii


class PRDC(NamedTuple):
    """The four scores, better when larger.

    `precision`: share of fakes in a real ball, [0, 1]; `recall`: share of reals in a fake ball, [0, 1];
    `density`: real balls a fake lies in, over k, about 1 for a perfect generator and possibly above;
    `coverage`: share of real balls that hold a fake, [0, 1].
    """

    precision: float
    recall: float
    density: float
    coverage: float


def prdc(real: ArrayLike, fake: ArrayLike, k: int = 5) -> PRDC:
    """`PRDC` of features real (n, width) and fake (m, width), balls closed; ValueError if n or m is at most k."""
    real, fake = check_pair(real, fake)
    if k < 1:
        raise ValueError(f"k={k}: expected a neighbor count of at least 1.")
    check_count(real, k + 1, "real", f"each needs its neighbor number {k}")
    check_count(fake, k + 1, "fake", f"each needs its neighbor number {k}")
    center = real.mean(axis=0)  # small norms round less
    real, fake = real - center, fake - center
    real_radii, fake_radii = (closed(each, squared_radii(each, k)) for each in (real, fake))

    real_balls_around = np.zeros(len(fake), np.int64)
    holds_a_fake, in_a_fake_ball = np.empty(len(real), bool), np.empty(len(real), bool)
    for rows, distances in squared_distance_blocks(real, fake):
        in_real_ball = distances <= real_radii[rows, None]
        real_balls_around += in_real_ball.sum(axis=0)
        holds_a_fake[rows] = in_real_ball.any(axis=1)
        in_a_fake_ball[rows] = (distances <= fake_radii).any(axis=1)
    return PRDC(
        precision=float((real_balls_around > 0).mean()),
        recall=float(in_a_fake_ball.mean()),
        density=float(real_balls_around.mean() / k),
        coverage=float(holds_a_fake.mean()),
    )


@register_metric("prdc")
class PrecisionRecallDensityCoverage(Metric):
    """Precision and density: do samples look real? Recall and coverage: are they as varied? Higher is better."""

    scores = {name: Score(better="higher") for name in PRDC._fields}
    in_all = True

    def compute(self, evaluation, extracted):
        return prdc(evaluation.reference, extracted.features)._asdict()
