"""The hinge: a step by hand, its defaults, and that the guide's own hinge game is the same game."""

import pathlib
import runpy

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.games import GAMES

GUIDE = pathlib.Path(__file__).parents[2] / "docs/extend/hinge.py"


def test_a_step_is_equations_16_and_17_by_hand(assert_a_step_is):
    def critic_loss(critic, real, fake):
        return -tf.reduce_mean(tf.minimum(0.0, critic(real) - 1)) - tf.reduce_mean(tf.minimum(0.0, -critic(fake) - 1))

    assert_a_step_is(critic_loss, lambda critic, real, fake: -tf.reduce_mean(critic(fake)), wk.HingeGAN)


def test_the_defaults_are_those_of_spectral_normalization(tiny):
    model = tiny(wk.HingeGAN)
    assert wk.HingeGAN(model.generator, model.critic).n_critic == 5
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        assert isinstance(optimizer, keras.optimizers.Adam)
        np.testing.assert_allclose([optimizer.learning_rate, optimizer.beta_1, optimizer.beta_2], [2e-4, 0, 0.9])


def test_the_guides_own_game_is_registered_beside_it_and_takes_the_same_step(tiny, points, monkeypatch):
    monkeypatch.setattr(GAMES, "_registered", dict(GAMES))
    own = runpy.run_path(str(GUIDE))["HingeGAN"]
    assert GAMES["hinge"] is own and GAMES["hinge_gan"] is wk.HingeGAN
    one, other = tiny(wk.HingeGAN), tiny(own)
    for model in (one, other):
        model.compile(*wk.HingeGAN.default_optimizers(), run_eagerly=True)
    logs = [model.train_on_batch(points(8), return_dict=True) for model in (one, other)]
    assert logs[0]["critic_loss"] == pytest.approx(logs[1]["critic_loss"], rel=1e-6)
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
