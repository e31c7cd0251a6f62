"""A variable that its loss does not reach is said, and not left where it is in silence."""

import warnings

import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk

layers = keras.layers
EAGER = {"run_eagerly": True}


def hard(x):
    return ops.one_hot(ops.argmax(x, -1), 2)


def fitted(game=wk.WGAN, generator=(), critic=(), **arguments):
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="first"), *generator])
    critic = keras.Sequential([keras.Input((2,)), *critic, layers.Dense(1, name="score")])
    model = game(generator, critic, n_critic=1, **arguments)
    model.compile(**EAGER)
    model.fit(np.eye(2, dtype="float32"), batch_size=2, verbose=0)
    return model


@pytest.mark.parametrize("game", [wk.GAN, wk.WGAN, wk.WGANGP])
def test_a_generator_through_argmax_is_refused(game):
    with pytest.raises(
        ValueError, match=r"no derivative by any trainable variable of its network \(\S*first/kernel, \S*first"
    ):
        fitted(game, [layers.Lambda(hard, output_shape=(2,))])


def test_a_critic_that_never_sees_its_images_leaves_the_generator_unreached():
    with pytest.raises(ValueError, match=r"would never move.*a softmax"):
        fitted(critic=[layers.Lambda(lambda x: ops.stop_gradient(x), output_shape=(2,))])


def test_some_variables_unreached_are_warned_of_and_still_clipped():
    before = layers.Dense(2, name="before", kernel_initializer="ones")
    with pytest.warns(UserWarning, match=r"before/kernel, \S*before/bias .*layer\.trainable = False, then compile"):
        model = fitted(
            critic=[before, layers.Lambda(lambda x: ops.stop_gradient(x), output_shape=(2,))],
            generator=[layers.Dense(2, name="second")],
            game=_Direct,
        )
    assert max(np.abs(w).max() for w in model.critic.get_weights()) == np.float32(0.01)


class _Direct(wk.WGAN):
    """Its generator minimizes something of its own, so that the critic alone is under test."""

    def generator_loss(self, critic, real, fake, seed):
        return sum(ops.sum(w * w) for w in self.generator.trainable_variables)


def test_frozen_ones_are_meant_and_nothing_is_said():
    generator = [layers.Lambda(hard, output_shape=(2,)), layers.Dense(2, name="second")]
    with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \S*first/kernel, \S*first/bias"):
        model = fitted(generator=generator)
    model.generator.get_layer("first").trainable = False
    model.compile(**EAGER)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model.fit(np.eye(2, dtype="float32"), batch_size=2, verbose=0)


def test_a_gradient_of_zero_is_a_gradient():
    """The last bias of a Wasserstein critic has none of size, and is reached."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        fitted(wk.WGANGP)
        fitted(wk.WGAN)
