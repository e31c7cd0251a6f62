"""A step of a game, by hand in float64, from its two losses as formulas."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

RATE, LATENTS, M, N_CRITIC = 0.1, 3, 4, 2


def network(weights, x):
    """Kernel and bias of each layer, max(x, 0) between them."""
    *hidden, last = zip(weights[::2], weights[1::2], strict=True)
    for kernel, bias in hidden:
        x = tf.nn.relu(x @ kernel + bias)
    return x @ last[0] + last[1]


def descend(weights, loss):
    """`weights` after a step of gradient descent on loss(weights)."""
    weights = [tf.constant(w) for w in weights]
    with tf.GradientTape() as tape:
        tape.watch(weights)
        value = loss(weights)
    gradients = tape.gradient(value, weights, unconnected_gradients="zero")
    return [(w - RATE * g).numpy() for w, g in zip(weights, gradients, strict=True)]


def by_hand(generator, critic, minibatches, latents, critic_loss, generator_loss):
    """Algorithm 1's alternation: N_CRITIC critic steps, then one of the generator, which sees the last real images."""
    theta, w = ([np.float64(v) for v in weights] for weights in (generator, critic))
    latents = iter(np.float64(latents))
    for x in np.float64(minibatches):
        fake = network(theta, next(latents))
        w = descend(w, lambda w, x=x, fake=fake: critic_loss(lambda t: network(w, t), x, fake))
    z = next(latents)
    theta = descend(theta, lambda theta: generator_loss(lambda t: network(w, t), x, network(theta, z)))
    return theta, w


@pytest.fixture(scope="session")
def assert_a_step_is():
    """assert_a_step_is(critic_loss, generator_loss, game, outputs=1, **arguments): of a game between MLPs, with SGD.

    The losses are functions (critic, real, fake) -> scalar of TensorFlow in float64.
    """

    def check(critic_loss, generator_loss, game, outputs=1, **arguments):
        keras.utils.set_random_seed(5)
        hidden = [keras.layers.Dense(6, "relu", bias_initializer="normal") for _ in range(2)]
        critic = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(outputs)])
        model = game(
            wk.networks.mlp_generator((2,), LATENTS, units=6, depth=2), critic, n_critic=N_CRITIC, seed=7, **arguments
        )
        model.compile(keras.optimizers.SGD(RATE), keras.optimizers.SGD(RATE))
        rng = np.random.default_rng(1)
        latents = rng.normal(size=(N_CRITIC + 1, M, LATENTS)).astype("float32")
        minibatches = rng.normal((1, -1), 1, (N_CRITIC, M, 2)).astype("float32")
        drawn = iter(latents)
        model.draw_latents = lambda n, seed: tf.constant(next(drawn))
        networks = (model.generator, model.critic)
        before = [each.get_weights() for each in networks]
        expected = by_hand(*before, minibatches, latents, critic_loss, generator_loss)
        model.training_step(tf.constant(minibatches.reshape(-1, 2)))
        for each, weights, first in zip(networks, expected, before, strict=True):
            moved = 0.0
            for ours, theirs, was in zip(each.get_weights(), weights, first, strict=True):
                np.testing.assert_allclose(ours, theirs, atol=2e-6)
                moved = max(moved, np.abs(theirs - was).max())
            assert moved > 1e-3

    return check
