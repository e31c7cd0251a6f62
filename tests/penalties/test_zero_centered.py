"""R1 and R2: at which images, and how much."""

import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk


class Function:
    """A critic as penalties see one."""

    def __init__(self, function):
        self.inference = function


@pytest.fixture
def pair():
    return np.random.default_rng(0).normal(size=(2, 6, 4, 4, 3)).astype("float32")


@pytest.mark.parametrize(("penalty", "name"), [(wk.penalties.R1, "r1"), (wk.penalties.R2, "r2")])
def test_of_a_linear_critic_it_is_half_gamma_times_its_squared_norm_whatever_the_images(pair, penalty, name):
    w = np.random.default_rng(1).normal(size=(48, 1)).astype("float32")
    linear = Function(lambda x: tf.reshape(x, (-1, 48)) @ w + 3)
    term, logs = penalty(weight=7.0).critic_term(linear, *pair, seed=0)
    np.testing.assert_allclose(logs[name], np.sum(w**2), rtol=1e-5)
    np.testing.assert_allclose(term, 3.5 * np.sum(w**2), rtol=1e-5)


def test_r1_is_at_the_real_images_and_r2_at_the_generated(pair):
    """f(x) = |x|^2 / 2 has gradient x, so the penalty is the mean squared norm of the images themselves."""
    quadratic = Function(lambda x: tf.reduce_sum(x**2, (1, 2, 3))[:, None] / 2)
    for penalty, images in zip((wk.penalties.R1(2.0), wk.penalties.R2(2.0)), pair, strict=True):
        term, _ = penalty.critic_term(quadratic, *pair, seed=0)
        np.testing.assert_allclose(term, np.mean(np.sum(np.float64(images) ** 2, (1, 2, 3))), rtol=1e-5)


def test_it_is_in_float32_under_bfloat16(policy, pair):
    policy("mixed_bfloat16")
    critic = wk.networks.mlp_critic((4, 4, 3), units=16, depth=1)
    term, _ = wk.penalties.R1().critic_term(Function(lambda x: critic(x, training=False)), *pair, seed=0)
    assert term.dtype == tf.float32


def test_a_step_of_the_critic_descends_its_loss_and_r1(tiny):
    """A linear critic under R1 alone, its data all zero: w <- w - rate * gamma * w."""
    from keras import Input, Sequential, layers, optimizers

    critic = Sequential([Input((2,)), layers.Dense(1, use_bias=False)])
    zero = Sequential([Input((2,)), layers.Dense(2, kernel_initializer="zeros")])
    model = tiny(
        wk.WGAN,
        generator=zero,
        critic=critic,
        n_critic=1,
        clip_value=9.0,
        penalties=[wk.penalties.R1(3.0)],
        compile={"generator_optimizer": "sgd", "critic_optimizer": optimizers.SGD(0.1), "run_eagerly": True},
    )
    w = critic.get_weights()[0]
    logs = model.train_on_batch(np.zeros((4, 2), "float32"), return_dict=True)
    np.testing.assert_allclose(critic.get_weights()[0], 0.7 * w, rtol=1e-5)
    assert logs["critic_loss"] == pytest.approx(1.5 * np.sum(w**2), rel=1e-5)
