"""The likelihood against scipy's, and the noise's best deviation in closed form."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from benchmarks.papers import noise_mle as benchmark


def test_the_likelihood_is_that_of_the_mixture():
    points, centers = np.random.default_rng(0).normal(size=(2, 5, 3))
    for deviation in (0.3, 2.0):
        densities = [np.mean([multivariate_normal.pdf(x, center, deviation**2) for center in centers]) for x in points]
        (found,) = benchmark.log_likelihoods(points, centers, np.array([deviation]))
        assert found == pytest.approx(np.mean(np.log(densities)))


def test_the_best_deviation_for_one_center_is_the_distance():
    # d/ds of -theta^2 / (2 s^2) - log s is 0 at s = theta.
    np.testing.assert_allclose(benchmark.best_across_lines([0.03, 0.4]), [0.03, 0.4], rtol=0.03)


def test_noise_of_a_deviation_for_pixels_in_zero_to_one():
    gray = np.zeros((50, 28, 28, 1))
    assert benchmark.flat(benchmark.with_noise(gray, 0.1)).std() == pytest.approx(0.1, rel=0.02)
    assert np.abs(benchmark.with_noise(gray, 3)).max() == 1
