"""EBGAN: a step by hand, the margin, and what an energy critic must return."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk


@pytest.mark.parametrize("margin", [0.5, 4.0])
def test_a_step_is_equations_1_and_2_by_hand(assert_a_step_is, margin):
    def energy(critic, x):
        return tf.reduce_sum((critic(x) - x) ** 2, 1) / 2  # a mean over two coordinates

    def critic_loss(critic, real, fake):
        return tf.reduce_mean(energy(critic, real)) + tf.reduce_mean(tf.maximum(0.0, margin - energy(critic, fake)))

    def generator_loss(critic, real, fake):
        return tf.reduce_mean(energy(critic, fake))

    assert_a_step_is(critic_loss, generator_loss, wk.EBGAN, outputs=2, margin=margin)


@pytest.fixture
def doubling(tiny):
    """A game whose critic says 2 x of x, so that an energy is the mean square of x."""
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    critic.set_weights([2 * np.eye(2)])
    return tiny(wk.EBGAN, critic=critic, margin=3.0)


def test_the_logs_are_the_energies(doubling, points):
    real = points(16)
    logs = doubling.evaluate(real, verbose=0, return_dict=True)
    np.testing.assert_allclose(logs["real_energy"], np.mean(real**2), rtol=1e-5)
    np.testing.assert_allclose(logs["generator_loss"], logs["fake_energy"], rtol=1e-6)


def test_fakes_beyond_the_margin_do_not_move_the_critic(doubling):
    """Real images at 0 have no energy and no slope; fakes at (9, 9) have 81."""
    fake = tf.constant([[9.0, 9.0]])
    loss, logs = doubling.critic_loss(doubling.critic, 0 * fake, fake, None)
    assert (float(loss), float(logs["fake_energy"])) == (0, 81)
    last = doubling.generator.layers[-2]  # before the reshaping
    last.set_weights([np.zeros(last.kernel.shape), np.full(2, 9.0)])
    before = doubling.critic.get_weights()
    doubling.critic_step(0 * fake)
    np.testing.assert_array_equal(doubling.critic.get_weights()[0], before[0])


def test_a_critic_that_gives_scores_is_refused(tiny):
    with pytest.raises(ValueError, match=r"critic returns \(None, 1\); expected reconstructions .*autoencoder_critic"):
        tiny(wk.EBGAN)


def test_an_autoencoder_may_end_in_tanh():
    """Reconstructions have the images' range; scores must not."""
    images = wk.networks.dcgan_generator((8, 8, 1), 4, 2)
    layers = [keras.Input((8, 8, 1)), keras.layers.Conv2D(1, 3, padding="same", activation="tanh")]
    wk.EBGAN(images, keras.Sequential(layers))
    with pytest.raises(ValueError, match="keeps its scores between -1 and 1"):
        wk.GAN(
            images, keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1, "tanh")])
        )


def test_a_margin_of_nothing_is_refused(tiny):
    with pytest.raises(ValueError, match="margin is 0; expected a number, above 0"):
        tiny(wk.EBGAN, critic=wk.networks.autoencoder_critic((2,), 1), margin=0)
