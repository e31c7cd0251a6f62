"""The kernel distance against a double loop over its definition, and its lack of bias."""

import numpy as np
import pytest

from wgan_keras import metrics
from wgan_keras.metrics.kernel_distance import squared_mmd


def naive(x, y):
    kernel = lambda a, b: (np.dot(a, b) / len(a) + 1) ** 3  # noqa: E731
    n, m = len(x), len(y)
    within_x = sum(kernel(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    within_y = sum(kernel(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    across = sum(kernel(a, b) for a in x for b in y) / (n * m)
    return within_x + within_y - 2 * across


def test_against_the_double_loop():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(23, 6)), random.normal(0.5, 2, size=(17, 6))
    assert squared_mmd(x, y) == pytest.approx(naive(x, y), rel=1e-12)
    # One subset that is a whole set: no draw is left to chance.
    score = metrics.kernel_distance(x, y[:17], subsets=3, subset_size=17)
    assert score.std > 0  # 17 of 23 differ from draw to draw
    whole = metrics.kernel_distance(x[:17], y, subsets=3, subset_size=1000)
    assert whole.mean == pytest.approx(naive(x[:17], y), rel=1e-12)
    assert whole.std == pytest.approx(0, abs=1e-12)


def test_halves_of_one_set_are_at_zero_within_the_std():
    x = np.random.default_rng(1).normal(size=(4000, 32))
    score = metrics.kernel_distance(x[:2000], x[2000:], subsets=30, subset_size=400)
    assert abs(score.mean) < score.std


def test_unbiased():
    """The mean over many small independent pairs of one distribution is 0 within 4 standard errors."""
    random = np.random.default_rng(2)
    estimates = [squared_mmd(random.normal(size=(5, 4)), random.normal(size=(5, 4))) for _ in range(4000)]
    assert abs(np.mean(estimates)) < 4 * np.std(estimates) / np.sqrt(len(estimates))
    assert min(estimates) < 0


def test_known_value_of_a_shift():
    """For x = 0 and y at the constant c, in width 1: k(0,0) + k(c,c) - 2 k(0,c) = 1 + (c^2 + 1)^3 - 2."""
    score = metrics.kernel_distance(np.zeros((10, 1)), np.full((10, 1), 2.0), subsets=2)
    assert score.mean == pytest.approx(1 + 5**3 - 2)
    assert score.std == 0


def test_the_seed_decides():
    random = np.random.default_rng(3)
    x, y = random.normal(size=(500, 8)), random.normal(size=(400, 8))
    scores = [metrics.kernel_distance(x, y, subsets=5, subset_size=50, seed=seed) for seed in (0, 0, 1)]
    assert scores[0] == scores[1] != scores[2]


def test_where_a_subset_is_the_whole_there_is_one_draw():
    x, y = np.random.default_rng(0).normal(size=(2, 50, 3))
    assert metrics.kernel_distance(x, y) == (squared_mmd(x, y), 0.0)
    assert metrics.kernel_distance(x, y[:-1]).std > 0


def test_errors():
    x = np.ones((10, 3))
    with pytest.raises(ValueError, match="fake has 1 samples; expected at least 2"):
        metrics.kernel_distance(x, x[:1])
    with pytest.raises(ValueError, match="subset_size=1"):
        metrics.kernel_distance(x, x, subset_size=1)
