"""A number over seeds with its interval: what n trainings say about all trainings of a method.

Both intervals are exact at any n: they assume no distribution and draw no random numbers. An interval that contains the
bound of a criterion decides nothing; `report.Claim` says so.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import binom, binomtest

LEVEL = 0.9  # of the intervals: each end is beyond the truth in at most 5% of cases


class Estimate(NamedTuple):
    """`value` in [`low`, `high`], from so many `seeds`; 0 of a number that has no chance in it."""

    value: float
    low: float
    high: float
    seeds: int


def exact(number) -> Estimate:
    """A number without chance: its interval is itself."""
    value = float(number)
    return Estimate(value, value, value, 0)


def share(events) -> Estimate:
    """The share of seeds in which something happens (booleans, one a seed), with Clopper and Pearson's interval."""
    n, happened = len(events), int(np.sum(events))
    low, high = binomtest(happened, n).proportion_ci(LEVEL, "exact")
    return Estimate(happened / n, float(low), float(high), n)


def median(values) -> Estimate:
    """The median over the seeds (numbers, one a seed), with an interval between two of the sorted values.

    Of n values each lies below the true median with probability 1/2, so that k or fewer do with that of a binomial
    variable. From fewer than five values no interval of this level follows: it is infinite.
    """
    n = len(values)
    if np.isnan(values).any():
        return Estimate(math.nan, math.nan, math.nan, n)
    outside = int(binom.ppf((1 - LEVEL) / 2, n, 0.5))  # P(B <= outside - 1) < 5% <= P(B <= outside)
    ends = (-math.inf, *np.sort(values).tolist(), math.inf)
    return Estimate(float(np.median(values)), ends[outside], ends[n + 1 - outside], n)
