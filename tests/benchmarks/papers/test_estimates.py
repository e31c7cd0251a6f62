"""The intervals against the binomial distribution by hand, and how often they contain the truth."""

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.papers import estimates


def test_of_five_values_the_interval_is_all_of_them_and_of_four_there_is_none():
    # Five independent values are on one side of the median with probability 2 / 2^5 = 0.0625, four with 0.125.
    assert estimates.median([3, 1, 2, 5, 4]) == (3, 1, 5, 5)
    assert estimates.median([3, 1, 2, 4]) == (2.5, -np.inf, np.inf, 4)


def test_of_eight_values_one_at_each_end_is_left_out():
    # P(B <= 1) = 9 / 256 = 0.035 <= 0.05 < P(B <= 2) = 37 / 256.
    assert estimates.median(range(1, 9)) == (4.5, 2, 7, 8)


def test_a_median_with_nan_is_nan():
    assert np.isnan(estimates.median([1, 2, np.nan, 3, 4])[:3]).all()


@pytest.mark.parametrize("n", [5, 13])
def test_when_all_seeds_agree_the_share_is_above_the_root_of_a_twentieth(n):
    # The smallest p that gives n of n with probability 5%: p^n = 0.05.
    assert estimates.share([True] * n) == (1, pytest.approx(0.05 ** (1 / n)), 1, n)


@pytest.mark.parametrize("n", [5, 10, 15])
def test_at_least_nine_of_ten_intervals_contain_the_truth(n):
    intervals = [estimates.share(np.arange(n) < happened) for happened in range(n + 1)]
    for truth in (0.1, 0.5, 0.8):
        contained = [each.low <= truth <= each.high for each in intervals]
        assert binom.pmf(range(n + 1), n, truth) @ contained >= estimates.LEVEL
    medians = [estimates.median(row) for row in np.random.default_rng(0).exponential(size=(400, n))]
    assert np.mean([each.low <= np.log(2) <= each.high for each in medians]) >= estimates.LEVEL
