"""Least squares: a step by hand, its targets, and what it logs."""

import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk


@pytest.mark.parametrize(("a", "b", "c"), [(0.0, 1.0, 1.0), (-1.0, 1.0, 0.0)])
def test_a_step_is_equation_2_by_hand(assert_a_step_is, a, b, c):
    def critic_loss(critic, real, fake):
        return tf.reduce_mean((critic(real) - b) ** 2) / 2 + tf.reduce_mean((critic(fake) - a) ** 2) / 2

    def generator_loss(critic, real, fake):
        return tf.reduce_mean((critic(fake) - c) ** 2) / 2

    assert_a_step_is(critic_loss, generator_loss, wk.LSGAN, a=a, b=b, c=c)


def test_the_defaults_are_equation_9(tiny):
    model = tiny(wk.LSGAN)
    assert (model.a, model.b, model.c) == (0, 1, 1)


def test_a_critic_that_says_the_middle_of_everything_estimates_0(tiny, points):
    model = tiny(wk.LSGAN, a=-1.0, b=3.0, c=1.0)
    last = model.critic.layers[-1]
    last.set_weights([np.zeros(last.kernel.shape), np.ones(1)])
    logs = model.evaluate(points(8), verbose=0, return_dict=True)
    np.testing.assert_allclose([logs["le_cam_estimate"], logs["critic_loss"]], [0, 4], atol=1e-6)
    assert logs["generator_loss"] == 0


def test_targets_that_tell_nothing_apart_are_refused(tiny):
    with pytest.raises(ValueError, match=r"a and b are both 1\.0; expected two different targets"):
        tiny(wk.LSGAN, a=1.0, b=1.0)
    with pytest.raises(ValueError, match=r"^c is nan; expected a number"):
        tiny(wk.LSGAN, c=float("nan"))


def test_targets_are_exchanged_one_after_the_other_and_compared_when_a_step_is_taken(tiny, points):
    model = tiny(wk.LSGAN, a=0.0, b=1.0, compile={"run_eagerly": True})
    model.a = 1
    with pytest.raises(ValueError, match=r"a and b are both 1\.0"):
        model.train_on_batch(points(4))
    model.b = 0
    assert np.isfinite(model.train_on_batch(points(4), return_dict=True)["le_cam_estimate"])
    assert (model.get_config()["a"], model.get_config()["b"]) == (1.0, 0.0)
