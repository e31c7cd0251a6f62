"""The hinge: its slopes, and the total variation at its best critic."""

import numpy as np

from wgan_keras import divergences, losses


def test_slopes_are_minus_one_and_one_within_the_margins_and_zero_beyond(gradient):
    scores = np.array([[-3.0], [-0.5], [0.5], [3.0]], "float32")
    of_real = gradient(lambda x: losses.hinge_critic_loss(x, -5 * np.ones((4, 1))), scores)
    of_fake = gradient(lambda x: losses.hinge_critic_loss(5 * np.ones((4, 1)), x), scores)
    np.testing.assert_array_equal(of_real[:, 0], [-0.25, -0.25, -0.25, 0])
    np.testing.assert_array_equal(of_fake[:, 0], [0, 0.25, 0.25, 0.25])
    np.testing.assert_array_equal(gradient(losses.hinge_generator_loss, scores), np.full((4, 1), -0.25))


def test_the_estimate_of_the_best_critic_is_the_total_variation_and_of_any_other_less(p, q, samples):
    def estimate(values):
        return float(losses.total_variation_estimate(losses.hinge_critic_loss(*samples(values))))

    divergence = divergences.total_variation(p, q)
    np.testing.assert_allclose(estimate(np.sign(p - q)), divergence, rtol=1e-6)
    others = np.random.default_rng(0).normal(size=(50, 4))
    assert max(map(estimate, others)) < divergence
    assert estimate(np.zeros(4)) == 0
