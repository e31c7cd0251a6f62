import numpy as np
import tensorflow as tf

from wgan_keras import losses


def test_wasserstein_estimate_is_the_difference_of_means(scores):
    real, fake = scores
    np.testing.assert_allclose(losses.wasserstein_estimate(real, fake), real.mean() - fake.mean(), rtol=1e-5)
    np.testing.assert_allclose(losses.wasserstein_generator_loss(fake), -fake.mean(), rtol=1e-5)


def test_bfloat16_scores_are_averaged_in_float32():
    """300 ones and one zero: bfloat16 cannot count beyond 256 by ones."""
    real = tf.cast(tf.concat([tf.ones((300, 1)), tf.zeros((1, 1))], 0), "bfloat16")
    estimate = losses.wasserstein_estimate(real, tf.zeros((1, 1), "bfloat16"))
    assert estimate.dtype == tf.float32
    np.testing.assert_allclose(estimate, 300 / 301, rtol=1e-6)
