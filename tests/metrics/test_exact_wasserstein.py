"""Exact Wasserstein-1 between sample sets."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from wgan_keras import metrics


@pytest.mark.parametrize("theta", [0.0, 0.5, -1.5])
def test_parallel_lines_are_theta_apart(theta):
    z = np.linspace(0, 1, 150)
    real = np.stack([np.zeros_like(z), z], axis=1)
    shift = np.array([theta, 0])
    assert metrics.exact_wasserstein(real, real + shift) == pytest.approx(abs(theta), abs=1e-12)


def test_against_the_assignment_problem():
    random = np.random.default_rng(0)
    real, fake = random.normal(size=(80, 2)), random.normal(1, 2, size=(80, 2))
    cost = cdist(real, fake)
    expected = cost[linear_sum_assignment(cost)].mean()
    assert metrics.exact_wasserstein(real, fake) == pytest.approx(expected)


def test_repeating_every_sample_changes_nothing():
    random = np.random.default_rng(1)
    real, fake = random.normal(size=(40, 2)), random.normal(1, 1, size=(30, 2))
    once = metrics.exact_wasserstein(real, fake)
    assert metrics.exact_wasserstein(np.repeat(real, 3, axis=0), fake) == pytest.approx(once)


def test_too_many_pairs_are_refused():
    with pytest.raises(ValueError, match="sliced_wasserstein"):
        metrics.exact_wasserstein(np.zeros((20_000, 2)), np.zeros((20_000, 2)))
