import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from wgan_keras import networks, penalties
from wgan_keras.penalties import gradient_penalty


@pytest.fixture
def pair():
    rng = np.random.default_rng(0)
    return rng.normal(size=(2, 6, 4, 4, 3)).astype("float32")


@pytest.mark.parametrize("scale", [0.1, 1.0, 3.0])
def test_the_penalty_of_a_linear_critic_is_known_for_every_sample(pair, scale):
    """f(x) = <w, x>: the norm is ||w|| over all axes, the penalty (||w|| - 1)^2, wherever the interpolates are."""
    w = np.random.default_rng(1).normal(size=(48, 1)).astype("float32") * scale / 5
    norm = np.linalg.norm(w)

    def critic(x):
        return tf.reshape(x, (-1, 48)) @ w

    penalty, norms = gradient_penalty(critic, *pair, seed=0)
    np.testing.assert_allclose(norms, np.full(6, norm), rtol=1e-5)
    np.testing.assert_allclose(penalty, (norm - 1) ** 2, rtol=1e-4)
    one_sided, _ = gradient_penalty(critic, *pair, one_sided=True, seed=0)
    np.testing.assert_allclose(one_sided, max(norm - 1, 0) ** 2, rtol=1e-4)


def test_the_norms_are_those_at_the_interpolates_of_each_pair(pair):
    """f(x) = |x|^2 / 2 has gradient x, so the norms show the points themselves."""
    _, norms = gradient_penalty(lambda x: tf.reduce_sum(x**2, (1, 2, 3))[:, None] / 2, *pair, seed=3)
    points = penalties.interpolate(tf.constant(pair[0]), tf.constant(pair[1]), 3)
    np.testing.assert_allclose(norms, np.linalg.norm(np.reshape(points, (6, -1)), axis=1), rtol=1e-5)


def test_coefficients_are_uniform_and_one_a_sample():
    n = 4000
    points = np.array(penalties.interpolate(tf.ones((n, 3, 2, 2)), tf.zeros((n, 3, 2, 2)), 0)).reshape(n, -1)
    np.testing.assert_array_equal(points, points[:, :1] + np.zeros_like(points))  # the same over all other axes
    assert len(np.unique(points[:, 0])) > 0.99 * n
    assert stats.kstest(points[:, 0], "uniform").pvalue > 0.01


def test_the_gradient_of_the_penalty_agrees_with_finite_differences_in_float64():
    rng = np.random.default_rng(2)
    real, fake = tf.constant(rng.normal(size=(2, 5, 3)))
    first, second = rng.normal(size=(3, 4)), rng.normal(size=(4, 1))

    def penalty(first, second):
        return gradient_penalty(lambda x: tf.tanh(x @ first) @ second, real, fake, seed=0)[0]

    weights = [tf.Variable(first), tf.Variable(second)]
    with tf.GradientTape() as tape:
        value = penalty(*weights)
    assert value.dtype == tf.float64
    analytic = tape.gradient(value, weights)
    for which, array in enumerate((first, second)):
        numeric, h = np.zeros_like(array), 1e-6
        for index in np.ndindex(array.shape):
            ends = []
            for sign in (1, -1):
                moved = [first.copy(), second.copy()]
                moved[which][index] += sign * h
                ends.append(float(penalty(*moved)))
            numeric[index] = (ends[0] - ends[1]) / (2 * h)
        np.testing.assert_allclose(analytic[which], numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("one_sided", [False, True])
def test_a_critic_of_zero_gradient_has_a_finite_gradient(one_sided):
    w = tf.Variable(tf.zeros((3, 1)))
    real = fake = tf.ones((4, 3))
    with tf.GradientTape() as tape:
        penalty, norms = gradient_penalty(lambda x: x @ w, real, fake, one_sided=one_sided, seed=0)
    np.testing.assert_allclose(norms, 0, atol=2e-6)
    np.testing.assert_allclose(penalty, 0 if one_sided else 1, atol=1e-5)
    assert np.isfinite(tape.gradient(penalty, w)).all()


def test_a_critic_that_ignores_its_input_has_norm_zero():
    _, norms = gradient_penalty(lambda x: tf.ones((4, 1)), tf.ones((4, 3)), tf.zeros((4, 3)), seed=0)
    np.testing.assert_allclose(norms, 0, atol=2e-6)


def test_dropout_is_off_under_the_penalty():
    """Otherwise the penalty would be that of a random function, another one each time."""
    critic = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.9), keras.layers.Dense(1)])
    _, norms = gradient_penalty(critic, tf.ones((8, 3)), tf.zeros((8, 3)), seed=0)
    np.testing.assert_allclose(norms, np.full(8, np.linalg.norm(critic.layers[-1].kernel)), rtol=1e-5)


def test_is_in_float32_under_bfloat16(policy, pair):
    """A bfloat16 sum of squares would be off by 1e-2; only the critic's own arithmetic may be coarse."""
    keras.utils.set_random_seed(0)
    policy("mixed_bfloat16")
    critic = networks.mlp_critic((4, 4, 3), units=16, depth=1)
    penalty, norms = gradient_penalty(critic, *pair, seed=0)
    assert penalty.dtype == norms.dtype == tf.float32
    policy("float32")
    same = networks.mlp_critic((4, 4, 3), units=16, depth=1)
    same.set_weights(critic.get_weights())
    np.testing.assert_allclose(norms, gradient_penalty(same, *pair, seed=0)[1], rtol=3e-2)


def test_a_seed_decides_and_none_draws_anew(pair):
    def norms_of(seed):
        return gradient_penalty(lambda x: tf.reduce_sum(x**3, (1, 2, 3))[:, None], *pair, seed=seed)[1]

    def norms(seed):
        return np.array(norms_of(seed))

    np.testing.assert_array_equal(norms(1), norms(1))
    assert not np.allclose(norms(1), norms(2))
    assert not np.allclose(norms(None), norms(None))
    compiled = tf.function(lambda: norms_of(None))
    assert not np.allclose(compiled(), compiled())
