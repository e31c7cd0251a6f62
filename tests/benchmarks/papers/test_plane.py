"""Fixed generators hand out their points, and a restarted game is a new one."""

import keras
import numpy as np

import wgan_keras as wk
from benchmarks.papers import plane
from benchmarks.papers.restart import restart


def test_a_fixed_generator_draws_its_points_evenly_and_nothing_else():
    points = np.arange(8, dtype="float32").reshape(4, 2)
    game = wk.GAN(
        plane.fixed_generator(points), wk.networks.mlp_critic((2,), units=2, depth=1), latent_prior="uniform", seed=0
    )
    drawn, counts = np.unique(game.sample(4_000, seed=0), axis=0, return_counts=True)
    np.testing.assert_array_equal(drawn, points)
    assert counts.min() > 900  # 1,000 expected, standard deviation 27


def test_a_critic_is_trained_against_points_that_stay(without_xla):
    random = np.random.default_rng(0)
    real, fake = (random.normal(mean, 1, (200, 2)).astype("float32") for mean in (2, -2))
    keras.utils.set_random_seed(0)
    critic = wk.networks.mlp_critic((2,), units=8, depth=1)
    optimizer = keras.optimizers.Adam(1e-2)
    game = plane.train_critic(wk.WGANGP, real, fake, critic, 30, 32, optimizer, seed=0)
    assert int(game.critic_optimizer.iterations) == 30
    assert np.mean(critic(real)) > np.mean(critic(fake))


def test_a_restarted_game_trains_as_a_new_one(tiny, points, state_of):
    used, new = tiny(wk.WGAN, seed=1), tiny(wk.WGAN, seed=2)
    used.fit(points(16), batch_size=4, verbose=0)
    restart(used, new)
    for game in (used, new):
        game.fit(points(16), batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(state_of(used), state_of(new), strict=True):
        np.testing.assert_array_equal(a, b)
