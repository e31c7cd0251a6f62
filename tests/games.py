"""Small games on points in the plane."""

import dataclasses

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.layers import LayerNormalization, LeakyReLU


@pytest.fixture(scope="session")
def points():
    """points(n, seed=0): n float32 points (n, 2) from N((1, -1), 1)."""

    def make(n, seed=0):
        return np.random.default_rng(seed).normal((1, -1), 1, (n, 2)).astype("float32")

    return make


@pytest.fixture(scope="session")
def tiny():
    """tiny(game, **arguments): a game between MLPs of 8 units on points (2,), latents (2,), compiled with `compile`."""

    def make(game=wk.WGANGP, *, compile=None, n_critic=2, seed=0, **arguments):
        keras.utils.set_random_seed(seed)
        networks = {
            "generator": wk.networks.mlp_generator((2,), 2, units=8, depth=1),
            "critic": wk.networks.mlp_critic((2,), units=8, depth=1),
        }
        model = game(**{**networks, "n_critic": n_critic, "seed": seed, **arguments})
        model.compile(**(compile or {}))
        return model

    return make


@pytest.fixture(scope="session")
def shallow():
    """shallow(recipe): with one hidden layer in each MLP; to trace a step takes as long as there are layers."""

    def make(recipe):
        specs = {role: getattr(recipe, role) for role in ("generator", "critic")}
        deep = {role: {**spec, "depth": 1} for role, spec in specs.items() if "depth" in spec}
        return dataclasses.replace(recipe, **deep)

    return make


@pytest.fixture(scope="session")
def state_of():
    """state_of(model): every number training changes, as a list of arrays: networks, optimizers, random states."""

    def state(model):
        optimizers = model.generator_optimizer.variables + model.critic_optimizer.variables
        return [v.numpy().copy() for v in [*model.variables, *optimizers]]

    return state


@pytest.fixture(scope="session")
def with_everything():
    """with_everything(**arguments): networks with batch normalization and dropout, an average and both Adams."""

    def make(game=wk.GAN, *, critic_normalization=True, critic_outputs=1, dropout=0.3, compile=None, **arguments):
        keras.utils.set_random_seed(3)
        layers = keras.layers
        norm = layers.BatchNormalization if critic_normalization else LayerNormalization
        # No bias before a normalization: its gradient is rounding noise, which Adam would make a step of.
        hidden = [layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
        generator = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(2)])
        hidden = [layers.Dense(8, use_bias=False), norm(), LeakyReLU(), layers.Dropout(dropout, seed=5)]
        critic = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(critic_outputs)])
        model = game(generator, critic, **{"n_critic": 2, "ema_decay": 0.9, "seed": 4, **arguments})
        model.compile(keras.optimizers.Adam(1e-2, 0.5), keras.optimizers.Adam(1e-2, 0.5), **(compile or {}))
        return model

    return make
