"""The measure on a critic and a coupling known in closed form, and the benchmark at toy size."""

import keras
import numpy as np

from benchmarks.papers import optimal_critic_gradient as benchmark


def test_a_shift_is_coupled_by_itself_and_its_optimal_critic_has_norm_and_cosine_one():
    fake = np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    shift = np.array([3.0, 4.0], "float32")
    partner = benchmark.couple(np.random.default_rng(1).permutation(fake + shift), fake)
    np.testing.assert_allclose(partner, fake + shift, rtol=1e-5)
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    critic.set_weights([shift[:, None] / 5, np.zeros(1)])
    points, norms, cosines = benchmark.gradients_on_lines(critic, fake, partner, seed=2)
    np.testing.assert_allclose(norms, 1, rtol=1e-5)
    np.testing.assert_allclose(cosines, 1, rtol=1e-5)
    t = (points - fake) / shift
    np.testing.assert_allclose(t[:, 0], t[:, 1], atol=1e-5)
    assert t.min() >= 0 and t.max() <= 1


def test_at_toy_size_the_critic_already_points_to_the_real_points(without_xla):
    settings = benchmark.Settings(seeds=1, updates=300, units=16, batch_size=64, coupled=50)
    (record,) = benchmark.train([0], settings)
    assert len(record["norms"]) == 50
    assert 0.3 < np.mean(record["cosines"]) <= 1
