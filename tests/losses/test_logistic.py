import numpy as np
import pytest

from wgan_keras import losses

LOG2 = np.log(2)
SURE = np.full((4, 1), 50.0, "float32")
BLIND = np.zeros((4, 1), "float32")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_discriminator_value_is_the_sum_of_logs(scores):
    real, fake = scores
    expected = np.log(sigmoid(real)).mean() + np.log(1 - sigmoid(fake)).mean()
    np.testing.assert_allclose(losses.discriminator_value(real, fake), expected, rtol=1e-5)


@pytest.mark.parametrize("s", [0.0, 0.1, 0.5])
def test_label_smoothing_is_cross_entropy_with_target_one_minus_s(scores, s):
    real, fake = scores
    log_real = (1 - s) * np.log(sigmoid(real)) + s * np.log(1 - sigmoid(real))
    expected = log_real.mean() + np.log(1 - sigmoid(fake)).mean()
    np.testing.assert_allclose(losses.discriminator_value(real, fake, s), expected, rtol=1e-5)


def test_the_best_smoothed_discriminator_says_one_minus_s(gradient):
    """At equal densities of real and nothing else, d/dscore is zero where D(x) = 1 - s."""
    score = np.full((1, 1), np.log(0.9 / 0.1), "float32")
    slope = gradient(lambda x: losses.discriminator_value(x, -SURE[:1], 0.1), score)
    np.testing.assert_allclose(slope, 0, atol=1e-6)


def test_js_estimate_of_a_perfect_discriminator_is_log_2_and_of_a_blind_one_0():
    perfect = losses.js_estimate(losses.discriminator_value(SURE, -SURE))
    blind = losses.js_estimate(losses.discriminator_value(BLIND, BLIND))
    np.testing.assert_allclose([perfect, blind], [LOG2, 0], atol=1e-6)


def test_js_estimate_of_the_best_discriminator_is_the_divergence():
    """Two coins p and q, D* = p / (p + q), as 10 samples of each in proportion."""
    p, q = np.array([0.8, 0.2]), np.array([0.3, 0.7])
    best = np.log(p / q).astype("float32")
    real, fake = np.repeat(best, [8, 2])[:, None], np.repeat(best, [3, 7])[:, None]
    middle = (p + q) / 2
    divergence = (p * np.log(p / middle) + q * np.log(q / middle)).sum() / 2
    estimate = losses.js_estimate(losses.discriminator_value(real, fake))
    np.testing.assert_allclose(estimate, divergence, rtol=1e-5)


def test_the_two_generator_losses_meet_where_the_discriminator_is_blind(gradient):
    slopes = [gradient(loss, BLIND) for loss in (losses.minimax_generator_loss, losses.non_saturating_generator_loss)]
    np.testing.assert_allclose(slopes[0], slopes[1], rtol=1e-6)


def test_the_minimax_gradient_is_the_non_saturating_one_times_d_over_one_minus_d(scores, gradient):
    """Same direction, but it dies where D(g(z)) is small: what the -log D trick is for."""
    _, fake = scores
    d = sigmoid(fake)
    minimax = gradient(losses.minimax_generator_loss, fake)
    non_saturating = gradient(losses.non_saturating_generator_loss, fake)
    np.testing.assert_allclose(minimax, non_saturating * d / (1 - d), rtol=1e-5)
    lost = np.full((1, 1), -20.0, "float32")
    assert abs(gradient(losses.minimax_generator_loss, lost)) < 1e-8
    np.testing.assert_allclose(gradient(losses.non_saturating_generator_loss, lost), -1, rtol=1e-6)


def test_extreme_scores_stay_finite():
    huge = np.full((2, 1), 1e4, "float32")
    for value in (losses.discriminator_value(-huge, huge), losses.minimax_generator_loss(huge)):
        assert np.isfinite(value)
    assert np.isfinite(losses.non_saturating_generator_loss(-huge))
