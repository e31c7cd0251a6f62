"""The sliced Wasserstein distance: exact one-dimensional transport along many directions.

Source: Bonneel et al. 2015, "Sliced and Radon Wasserstein Barycenters of Measures"; orthogonal directions
after Rowland et al. 2019, "Orthogonal Estimation of Wasserstein Distances".
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from wgan_keras.divergences import monotone_coupling
from wgan_keras.metrics.checks import check_pair
from wgan_keras.metrics.metric import Metric, Score, register_metric

DIRECTIONS_AT_ONCE = 64  # 10,000 samples x 64 directions of float64: 5 MB


def sliced_wasserstein(
    real: ArrayLike, fake: ArrayLike, p: float = 2, projections: int = 512, normalize: bool = True, seed: int = 0
) -> float:
    """(E_u W_p^p(<u, real>, <u, fake>))^(1/p) of features real (n, width), fake (m, width), in feature units.

    The mean runs over `projections` directions u, drawn in orthonormal sets of up to `width` by `seed`, so
    equal seeds agree exactly. `normalize=True` divides by (E |u_1|^p)^(1/p), what projecting takes from a
    length: sets that differ by a shift are then as far apart as the shift is long, for p = 2 exactly where
    `projections` is a multiple of `width`, and for p = 2 and such the value never exceeds the exact W_2.
    `normalize=False` is the bare definition, sqrt(width) times smaller for p = 2. ValueError for p < 1, an
    infinite p and projections < 1.
    """
    real, fake = check_pair(real, fake)
    if not 1 <= p < np.inf or projections < 1:
        raise ValueError(f"p={p}, projections={projections}: expected both to be at least 1, and p finite.")
    width = real.shape[1]
    # Every projection has the same weights, so which quantiles meet is known before the points are.
    i, j, mass = monotone_coupling(np.full(len(real), 1 / len(real)), np.full(len(fake), 1 / len(fake)))
    total = 0.0
    directions = random_directions(width, projections, seed)
    for start in range(0, projections, DIRECTIONS_AT_ONCE):
        chosen = directions[:, start : start + DIRECTIONS_AT_ONCE]
        x, y = np.sort((real @ chosen).T, axis=1), np.sort((fake @ chosen).T, axis=1)
        total += (np.abs(x[:, i] - y[:, j]) ** p @ mass).sum()
    mean = total / projections
    return float((mean / _mean_power_of_a_coordinate(width, p) if normalize else mean) ** (1 / p))


def random_directions(width: int, count: int, seed: int) -> np.ndarray:
    """`count` random unit vectors as columns (width, count), each `width` of them in turn orthonormal."""
    random = np.random.default_rng(seed)
    blocks = []
    for start in range(0, count, width):
        gaussian = random.standard_normal((width, min(width, count - start)))
        orthonormal, triangle = np.linalg.qr(gaussian)
        # The signs make the distribution uniform (Haar), whatever sign convention LAPACK follows.
        blocks.append(orthonormal * np.sign(np.diag(triangle)))
    return np.concatenate(blocks, axis=1)


def _mean_power_of_a_coordinate(width, p):
    """E |u_1|^p of u uniform on the unit sphere of R^width.

    It is Gamma(width / 2) Gamma((p + 1) / 2) / (sqrt(pi) Gamma((width + p) / 2)).
    """
    return np.exp(gammaln(width / 2) + gammaln((p + 1) / 2) - gammaln((width + p) / 2)) / np.sqrt(np.pi)


@register_metric("swd")
class SlicedWasserstein(Metric):
    """Sliced Wasserstein distance: exact transport along many directions of the features. Lower is better."""

    scores = {"sliced_wasserstein": Score(distance=True)}
    in_all = True

    def compute(self, evaluation, extracted):
        score = sliced_wasserstein(evaluation.reference, extracted.features, seed=evaluation.seed)
        return {"sliced_wasserstein": score}
