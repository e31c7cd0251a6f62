"""The squared MMD against double loops in float64, and its mean over all samples there are."""

import itertools

import numpy as np
import pytest

from wgan_keras import losses

BANDWIDTHS = (0.5, 1.0, 3.0)


def kernel(x, y):
    return sum(np.exp(-np.sum((x - y) ** 2) / (2 * s**2)) for s in BANDWIDTHS)


def mean(values):
    return np.mean(list(values))


def double_loop(real, fake):
    within = sum(mean(kernel(a, b) for a, b in itertools.permutations(x, 2)) for x in (real, fake))
    return within - 2 * mean(kernel(a, b) for a, b in itertools.product(real, fake))


@pytest.fixture
def features():
    rng = np.random.default_rng(0)
    return rng.normal(size=(7, 3)), rng.normal(0.5, 1.5, (5, 3))


def test_it_is_the_double_loop(features):
    np.testing.assert_allclose(losses.squared_mmd(*features, BANDWIDTHS), double_loop(*features), rtol=1e-4)


def test_the_kernel_is_symmetric_and_its_diagonal_the_number_of_bandwidths(features):
    x, y = features
    between = losses.rbf_mixture(x, y, BANDWIDTHS)
    np.testing.assert_allclose(between, np.transpose(losses.rbf_mixture(y, x, BANDWIDTHS)), rtol=1e-5)
    np.testing.assert_allclose(between, [[kernel(a, b) for b in y] for a in x], rtol=1e-5)
    np.testing.assert_allclose(np.diag(losses.rbf_mixture(x, x, BANDWIDTHS)), 3, rtol=1e-5)


@pytest.mark.parametrize("same", [True, False])
def test_its_mean_over_all_samples_is_the_distance_of_the_distributions(same):
    """All 2^4 pairs of two draws from two points each: no bias, and 0 of a distribution and itself."""
    real, fake = np.random.default_rng(1).normal(size=(2, 2, 2))
    fake = real if same else fake
    draws = [list(draw) for draw in itertools.product(range(2), repeat=2)]
    estimates = [losses.squared_mmd(real[i], fake[j], BANDWIDTHS) for i in draws for j in draws]

    def expected(x, y):
        return mean(kernel(a, b) for a, b in itertools.product(x, y))

    distance = expected(real, real) - 2 * expected(real, fake) + expected(fake, fake)
    np.testing.assert_allclose(np.mean(estimates), distance, atol=1e-6)
    assert distance == 0 if same else distance > 0.1


def test_the_witness_is_the_mean_kernel_to_real_less_that_to_fake(features):
    real, fake = features
    points = np.random.default_rng(2).normal(size=(4, 3))
    expected = [[mean(kernel(t, x) for x in real) - mean(kernel(t, y) for y in fake)] for t in points]
    np.testing.assert_allclose(losses.witness(points, real, fake, BANDWIDTHS), expected, rtol=1e-4, atol=1e-6)


def test_a_single_sample_has_no_pairs_and_the_estimate_stays_finite():
    """The last batch of a validation may be one image."""
    one = np.zeros((1, 2), "float32")
    np.testing.assert_allclose(losses.squared_mmd(one, one, BANDWIDTHS), -2 * 3, rtol=1e-6)


def test_far_features_stay_finite_and_their_slopes_too(gradient):
    far = np.array([[1e6, 0], [0, 1e6]], "float32")
    assert np.isfinite(losses.squared_mmd(far, -far))
    assert np.isfinite(gradient(lambda x: losses.squared_mmd(x, -far), far)).all()
