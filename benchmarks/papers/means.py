"""Means over seeds with their standard errors, and which of two is larger."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from benchmarks.papers.report import HELD, NOT_HELD, UNDECIDED
from wgan_keras.presets.table import spread

CERTAIN = 0.95  # on one side


class Mean(NamedTuple):
    """`error` is the standard error, None of one seed, or of a number that came without."""

    value: float
    error: float | None = None
    seeds: int = 1

    def in_words(self, digits=1, factor=1):
        error = None if self.error is None else factor * self.error
        return spread(factor * self.value, error, f".{digits}f", f".{digits}f")


def mean(values) -> Mean:
    """Of numbers, one a seed."""
    n = len(values)
    return Mean(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(n)) if n > 1 else None, n)


def larger(one: Mean, other: Mean) -> tuple[str, str]:
    """(the difference, whether `one` is larger than `other`) by Welch's t-test on one side."""
    difference = one.value - other.value
    if one.error is None or other.error is None:
        return spread(difference, None, "+.3g"), UNDECIDED
    error = float(np.hypot(one.error, other.error))
    told = spread(difference, error, "+.3g", ".2g")
    if abs(difference) <= error * quantile(one, other):
        return told, UNDECIDED
    return told, HELD if difference > 0 else NOT_HELD


def quantile(*means: Mean) -> float:
    """Of Student's t with Welch's degrees of freedom; 1 where the seeds of both agree, and no error is left."""
    squares = [each.error**2 for each in means]
    if not sum(squares):
        return 1.0
    freedom = sum(squares) ** 2 / sum(s**2 / (each.seeds - 1) for s, each in zip(squares, means, strict=True))
    return float(stats.t.ppf(CERTAIN, freedom))
