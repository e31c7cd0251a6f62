"""Least squares at the best critic, whose loss and divergence are sums over four outcomes."""

import numpy as np
import pytest

from wgan_keras import losses


def best(p, q, a, b):
    return (b * p + a * q) / (p + q)  # equation 5


@pytest.mark.parametrize(("a", "b"), [(0.0, 1.0), (-1.0, 1.0), (3.0, 0.5)])
def test_the_best_critic_has_no_slope_and_half_the_harmonic_loss(p, q, samples, gradient, a, b):
    real, fake = samples(best(p, q, a, b))
    loss = losses.least_squares_critic_loss(real, fake, a, b)
    np.testing.assert_allclose(loss, (b - a) ** 2 / 2 * np.sum(p * q / (p + q)), rtol=1e-5)
    both = np.concatenate([real, fake])  # outcome i is p_i of the first ten and q_i of the last

    def at(x):
        return losses.least_squares_critic_loss(x[:10], x[10:], a, b)

    slopes = gradient(at, both)[:, 0]
    outcome = np.concatenate([np.repeat(range(4), np.rint(10 * weights).astype(int)) for weights in (p, q)])
    np.testing.assert_allclose(np.bincount(outcome, slopes), 0, atol=1e-6)


@pytest.mark.parametrize(("a", "b"), [(0.0, 1.0), (-1.0, 1.0)])
def test_the_estimate_of_the_best_critic_is_le_cams_divergence_and_of_any_other_less(p, q, samples, a, b):
    def estimate(values):
        return float(losses.le_cam_estimate(losses.least_squares_critic_loss(*samples(values), a, b), a, b))

    divergence = np.sum((p - q) ** 2 / (p + q)) / 2
    np.testing.assert_allclose(estimate(best(p, q, a, b)), divergence, rtol=1e-5)
    others = np.random.default_rng(0).uniform(a, b, (20, 4))
    assert max(map(estimate, others)) < divergence
    np.testing.assert_allclose(estimate([(a + b) / 2] * 4), 0, atol=1e-6)


def test_with_b_c_1_and_b_a_2_the_generator_descends_pearsons_chi_squared(p, q, samples):
    """Equation 7: 2 C(G) is sum (2 q - (p + q))^2 / (p + q), where C has the real term as well."""
    a, b, c = -1.0, 1.0, 0.0
    real, fake = samples(best(p, q, a, b))
    value = losses.least_squares_generator_loss(real, c) + losses.least_squares_generator_loss(fake, c)
    np.testing.assert_allclose(2 * value, np.sum((q - p) ** 2 / (p + q)), rtol=1e-5)
