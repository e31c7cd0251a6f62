"""The relativistic average: a step by hand of each loss, and that the generator sees real images."""

import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

PHI = {"logistic": lambda y: tf.math.log1p(tf.exp(-y)), "least_squares": lambda y: (y - 1) ** 2}
PHI["hinge"] = lambda y: tf.maximum(0.0, 1 - y)


@pytest.mark.parametrize("loss", PHI)
def test_a_step_is_the_papers_by_hand(assert_a_step_is, loss):
    def critic_loss(critic, real, fake):
        real, fake = critic(real), critic(fake)
        first = PHI[loss](real - tf.reduce_mean(fake))
        return tf.reduce_mean(first) + tf.reduce_mean(PHI[loss](tf.reduce_mean(real) - fake))

    def generator_loss(critic, real, fake):
        return critic_loss(critic, fake, real)

    assert_a_step_is(critic_loss, generator_loss, wk.RelativisticGAN, loss=loss)


def test_a_constant_in_the_critics_bias_changes_no_loss_and_no_accuracy(tiny, points):
    model = tiny(wk.RelativisticGAN)
    before = model.evaluate(points(16), verbose=0, return_dict=True)
    model.critic.layers[-1].bias.assign([5.0])
    after = model.evaluate(points(16), verbose=0, return_dict=True)
    assert after == pytest.approx(before, rel=1e-5)


@pytest.mark.parametrize(("scale", "accuracy"), [(1.0, 1.0), (0.0, 0.0), (-1.0, 0.0)])
def test_accuracy_is_the_share_on_their_side_of_the_others_mean(tiny, scale, accuracy):
    critic = wk.networks.mlp_critic((2,), units=1, depth=1)
    critic.set_weights([np.ones((2, 1)), np.zeros(1), np.full((1, 1), scale), np.zeros(1)])
    model = tiny(wk.RelativisticGAN, critic=critic)
    real = np.full((8, 2), 50, "float32")  # farther out than any fake
    assert model.evaluate(real, verbose=0, return_dict=True)["critic_accuracy"] == accuracy


def test_another_loss_is_refused(tiny):
    with pytest.raises(ValueError, match="loss is 'huber'; expected 'logistic' or 'least_squares' or 'hinge'"):
        tiny(wk.RelativisticGAN, loss="huber")
