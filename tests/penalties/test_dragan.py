"""DRAGAN by hand."""

import numpy as np
import tensorflow as tf

import wgan_keras as wk
from wgan_keras import random
from wgan_keras.penalties.dragan import perturb

REAL = np.random.default_rng(0).normal(1, 3, (8, 3, 2)).astype("float32")


class Quadratic:
    @staticmethod
    def inference(x):
        """|x|^2 / 2, whose gradient is x."""
        return tf.reduce_sum(x**2, (1, 2))[:, None] / 2


def by_hand(seed):
    """(the perturbed images, the penalty) in float64."""
    u = np.float64(random.uniform(REAL.shape, seed))
    points = REAL + 0.5 * np.float64(REAL).std() * u
    return points, np.mean((np.sqrt(np.sum(points**2, axis=(1, 2))) - 1) ** 2)


def test_the_penalty_is_the_papers_at_the_perturbed_images():
    points, penalty = by_hand(4)
    term, logs = wk.penalties.DRAGAN(weight=3.0).critic_term(Quadratic, REAL, None, seed=4)
    np.testing.assert_allclose(perturb(tf.constant(REAL), 0.5, 4), points, atol=1e-5)
    np.testing.assert_allclose([term, logs["dragan"]], [3 * penalty, penalty], rtol=1e-5)


def test_the_perturbation_reaches_from_zero_to_half_a_deviation_and_is_each_numbers_own():
    moved = (np.array(perturb(tf.constant(REAL), 0.5, 1)) - REAL) / REAL.std()
    assert 0 < moved.min() < 0.05 and 0.45 < moved.max() < 0.5
    assert len(np.unique(moved)) == REAL.size


def test_it_has_no_perturbation_without_a_scale():
    term, _ = wk.penalties.DRAGAN(weight=1.0, scale=0.0).critic_term(Quadratic, REAL, None, seed=0)
    norms = np.sqrt(np.sum(np.float64(REAL) ** 2, (1, 2)))
    np.testing.assert_allclose(term, np.mean((norms - 1) ** 2), rtol=1e-5)
