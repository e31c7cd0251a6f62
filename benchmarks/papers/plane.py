"""Games between multilayer perceptrons on points: what the benchmarks on toy distributions share."""

import math

import keras
import numpy as np

from benchmarks.papers.restart import restart
from wgan_keras import networks


class FixedPoints(keras.layers.Layer):
    """Latents (batch, 1) in (-1, 1) to points drawn evenly from a table (n, d): a generator that cannot learn."""

    def __init__(self, points):
        super().__init__()
        self.points = keras.ops.convert_to_tensor(points, "float32")

    def call(self, latents):
        n = self.points.shape[0]
        index = keras.ops.cast((latents[:, 0] + 1) / 2 * n, "int32")
        return keras.ops.take(self.points, keras.ops.clip(index, 0, n - 1), axis=0)


def fixed_generator(points):
    """A Functional generator of the given points; its game must draw latents with `latent_prior="uniform"`.

    A game with this generator trains its critic alone, to optimality if it is given the time.
    """
    latents = keras.Input((1,))
    return keras.Model(latents, FixedPoints(points)(latents))


def train_critic(game, real, fake, critic, updates, batch_size, optimizer, seed, **arguments):
    """Trains `critic` for `updates` of `game`, a class of wgan_keras, on real points (n, d) against fixed fake ones.

    It is Algorithm 1 with a large n_critic and a generator that cannot move. Returns the game.
    """
    n_critic = math.gcd(updates, 100)
    trained = game(fixed_generator(fake), critic, n_critic=n_critic, latent_prior="uniform", seed=seed, **arguments)
    trained.compile(None, optimizer, jit_compile=True)
    order = np.random.default_rng(seed).integers(len(real), size=updates * batch_size)
    trained.fit(real[order], batch_size=batch_size, shuffle=False, verbose=0)
    return trained


def mlps(units, depth, latent_dim, seed):
    """A generator and a critic on points in the plane, by the names that the games take them."""
    keras.utils.set_random_seed(seed)
    return {
        "generator": networks.mlp_generator((2,), latent_dim, units=units, depth=depth),
        "critic": networks.mlp_critic((2,), units=units, depth=depth),
    }


def watched(games, build, watch, seeds, settings):
    """Yields {game: watch(model, seed, settings)} a seed; `build(game, seed, settings)` is traced once a game."""
    models = {name: build(name, 0, settings) for name in games}
    for seed in seeds:
        record = {}
        for name, model in models.items():
            restart(model, build(name, seed, settings))
            record[name] = watch(model, seed, settings)
        yield record
