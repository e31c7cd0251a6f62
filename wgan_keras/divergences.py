"""The distances between two distributions that the WGAN paper weighs against each other, all exact.

A discrete distribution is an array of probabilities over a common support (total variation, KL, JS) or
probabilities at points of space (Wasserstein). Two sample sets are the discrete distributions that
`empirical` makes of them, and `wasserstein` takes them as they are. Logarithms are natural: divergences are
in nats. Source: Arjovsky, Chintala, Bottou 2017, "Wasserstein GAN", section 2.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist
from scipy.special import rel_entr

# The largest cost matrix of an exact transport problem: 800 MB in float64, and minutes of work.
LARGEST_PROBLEM = 10**8


class Empirical(NamedTuple):
    """Two sample sets on their common support: points (k, d), probabilities `p` (k,) and `q` (k,)."""

    support: np.ndarray
    p: np.ndarray
    q: np.ndarray


class Transport(NamedTuple):
    """`distance`, in the points' unit, and `plan` (n, m), the mass moved from x[i] to y[j]."""

    distance: float
    plan: np.ndarray


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """sup_A |P(A) - Q(A)| = 1/2 sum |p - q|, in [0, 1], of two arrays of probabilities of one shape."""
    p, q = _two_distributions(p, q)
    return float(0.5 * np.abs(p - q).sum())


def kullback_leibler(p: ArrayLike, q: ArrayLike) -> float:
    """KL(P || Q) = sum p log(p / q) in nats, in [0, inf]; inf where P has mass and Q has none."""
    p, q = _two_distributions(p, q)
    return max(float(rel_entr(p, q).sum()), 0.0)  # rounding may leave -1e-17 for equal ones


def jensen_shannon(p: ArrayLike, q: ArrayLike, halves: bool = True) -> float:
    """The Jensen-Shannon divergence of two arrays of probabilities of one shape, in nats.

    With M = (P + Q) / 2: `halves=True` is 1/2 KL(P || M) + 1/2 KL(Q || M), in [0, log 2], as the GAN paper
    has it (its discriminator loss reaches 2 JS - 2 log 2); `halves=False` is KL(P || M) + KL(Q || M), in [0,
    2 log 2], as section 2 of the WGAN paper writes it.
    """
    p, q = _two_distributions(p, q)
    middle = 0.5 * (p + q)
    both = rel_entr(p, middle).sum() + rel_entr(q, middle).sum()
    return max(float(0.5 * both if halves else both), 0.0)


def empirical(x: ArrayLike, y: ArrayLike) -> Empirical:
    """Two sample sets (n, d) and (m, d), or (n,) and (m,), as an `Empirical`: equal points are one point of
    support.

    Of continuous samples no two are equal, and their total variation is 1 whatever they were drawn from.
    """
    x, y = _points(x, "x"), _points(y, "y")
    _same_dimension(x, y)
    support, owner = np.unique(np.concatenate([x, y]), axis=0, return_inverse=True)
    owner = owner.reshape(-1)
    p = np.bincount(owner[: len(x)], minlength=len(support)) / len(x)
    q = np.bincount(owner[len(x) :], minlength=len(support)) / len(y)
    return Empirical(support, p, q)


def wasserstein(
    x: ArrayLike, y: ArrayLike, p: float = 1, x_weights: ArrayLike | None = None, y_weights: ArrayLike | None = None
) -> float:
    """W_p between weighted points: (inf over plans of sum plan[i, j] |x[i] - y[j]|^p) ^ (1/p), Euclidean
    norm.

    `x` (n, d) or (n,) and `y` (m, d) or (m,) are points; `x_weights` (n,) and `y_weights` (m,) their
    probabilities, equal ones where None: two sample sets. `p` >= 1. The distance is exact, a float in the
    points' unit. On the line it takes a sort, at any size; in the plane and beyond a linear program: 2,000
    x 2,000 points take about a second, and more than 10^8 pairs are refused (ValueError).
    """
    x, y, x_weights, y_weights = _weighted_points(x, y, p, x_weights, y_weights)
    if x.shape[1] > 1:
        return _transport_by_simplex(x, y, p, x_weights, y_weights).distance
    i, j, mass = _transport_on_the_line(x[:, 0], y[:, 0], x_weights, y_weights)
    return _mean(mass, np.abs(x[i, 0] - y[j, 0]), p)


def optimal_transport(
    x: ArrayLike, y: ArrayLike, p: float = 1, x_weights: ArrayLike | None = None, y_weights: ArrayLike | None = None
) -> Transport:
    """`wasserstein` with the plan that reaches it: a `Transport`. Arguments, cost and errors are the same."""
    x, y, x_weights, y_weights = _weighted_points(x, y, p, x_weights, y_weights)
    _refuse_large_problem(x, y)
    if x.shape[1] > 1:
        return _transport_by_simplex(x, y, p, x_weights, y_weights)
    i, j, mass = _transport_on_the_line(x[:, 0], y[:, 0], x_weights, y_weights)
    plan = np.zeros((len(x), len(y)))
    np.add.at(plan, (i, j), mass)
    return Transport(_mean(mass, np.abs(x[i, 0] - y[j, 0]), p), plan)


def monotone_coupling(x_weights: ArrayLike, y_weights: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The plan that joins equal quantiles of two sorted sets on the line, optimal there for every p >= 1.

    Weights (n,) and (m,) in the order of the sorted points -> indices i, j and masses, each (n + m,) at most:
    `mass[k]` goes from sorted x[i[k]] to sorted y[j[k]]. Source: Peyré, Cuturi 2019, "Computational Optimal
    Transport", remark 2.30.
    """
    x_ends, y_ends = np.cumsum(x_weights), np.cumsum(y_weights)
    y_ends = _snapped(y_ends, x_ends, _rounding(x_ends, y_ends))
    ends = np.union1d(x_ends, y_ends)
    mass = np.diff(ends, prepend=0.0)
    # Rounding may leave one set's last end a hair below the other's: that sliver belongs to its last point.
    i = np.minimum(np.searchsorted(x_ends, ends), len(x_ends) - 1)
    j = np.minimum(np.searchsorted(y_ends, ends), len(y_ends) - 1)
    return i, j, mass


def _snapped(ends, others, rounding):
    """`ends`, those equal to one of the `others` but for rounding made equal: a sliver of mass between them is none."""
    near = others[np.minimum(np.searchsorted(others, ends - rounding), len(others) - 1)]
    return np.where(np.abs(near - ends) <= rounding, near, ends)


def _rounding(x_weights, y_weights):
    """How far two sums of so many weights, which are equal, may lie apart in float64."""
    return (len(x_weights) + len(y_weights)) * np.finfo(np.float64).eps


def _mean(mass, distances, p):
    """(sum mass distances^p)^(1/p); over the largest distance, since p-th powers leave the range of floats."""
    distances = np.where(mass > 0, distances, 0.0)
    largest = distances.max()
    return float(largest * np.sum(mass * (distances / (largest or 1.0)) ** p) ** (1 / p))


def _transport_on_the_line(x, y, x_weights, y_weights):
    x_order, y_order = np.argsort(x, kind="stable"), np.argsort(y, kind="stable")
    i, j, mass = monotone_coupling(x_weights[x_order], y_weights[y_order])
    return x_order[i], y_order[j], mass


def _transport_by_simplex(x, y, p, x_weights, y_weights):
    _refuse_large_problem(x, y)
    import ot  # here, since POT imports every array framework that it finds

    distances = cdist(x, y)
    # The simplex is given as many pivots as it may want: what stops earlier is not exact.
    plan, log = ot.emd(x_weights, y_weights, (distances / (distances.max() or 1.0)) ** p, numItermax=10**9, log=True)
    if log["warning"] is not None:
        raise RuntimeError(f"POT's network simplex did not solve this transport problem: {log['warning']}")
    moved = plan > _rounding(x_weights, y_weights)  # less is what the simplex has rounded
    return Transport(_mean(plan[moved], distances[moved], p), plan)


def _two_distributions(p, q):
    p, q = _distribution(p, "p"), _distribution(q, "q")
    if p.shape != q.shape:
        raise ValueError(
            f"p and q have shapes {p.shape} and {q.shape}; they must list probabilities of the same "
            "outcomes. `empirical` puts two sample sets on a common support."
        )
    return p, q


def _distribution(weights, name):
    weights = np.asarray(weights, np.float64)
    if weights.size == 0 or not np.all(weights >= 0) or abs(weights.sum() - 1) > 1e-6:
        raise ValueError(
            f"{name} must be probabilities: at least one, none negative or NaN, summing to 1. "
            f"It has {weights.size} values summing to {weights.sum()}; divide them by their sum."
        )
    return weights / weights.sum()


def _points(x, name):
    x = np.asarray(x, np.float64)
    if x.ndim not in (1, 2) or x.size == 0 or not np.all(np.isfinite(x)):
        raise ValueError(
            f"{name} must be finite points of shape (n, d) or (n,), at least one; it has shape {x.shape} "
            f"and {np.count_nonzero(~np.isfinite(x))} values that are not finite."
        )
    return x.reshape(len(x), -1)


def _weighted_points(x, y, p, x_weights, y_weights):
    if not p >= 1 or not np.isfinite(p):
        raise ValueError(f"p={p}: the Wasserstein distance needs a finite p of at least 1.")
    x, y = _points(x, "x"), _points(y, "y")
    _same_dimension(x, y)
    return x, y, _weights(x_weights, x, "x_weights"), _weights(y_weights, y, "y_weights")


def _weights(weights, points, name):
    if weights is None:
        return np.full(len(points), 1 / len(points))
    weights = _distribution(weights, name)
    if weights.shape != (len(points),):
        raise ValueError(f"{name} has shape {weights.shape} for {len(points)} points; it must hold one each.")
    return weights


def _same_dimension(x, y):
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"x has points of {x.shape[1]} coordinates, y of {y.shape[1]}; both need the same.")


def _refuse_large_problem(x, y):
    if len(x) * len(y) > LARGEST_PROBLEM:
        raise ValueError(
            f"{len(x)} x {len(y)} points are {len(x) * len(y)} pairs, above {LARGEST_PROBLEM}: the cost "
            "matrix alone would outgrow memory. Take fewer points, or wgan_keras.metrics.sliced_wasserstein."
        )
