"""The nearest sample of a pool against a loop, its gradient, and a short training of both methods."""

import keras
import numpy as np
import pytest

import wgan_keras as wk
from benchmarks.papers import imle as benchmark
from benchmarks.papers.restart import restart
from wgan_keras import backend

POINTS, SAMPLES = np.random.default_rng(0).normal(size=(2, 6, 2)).astype("float32")


def test_the_distance_is_that_to_the_nearest_sample():
    expected = [min(np.sum((x - y) ** 2) for y in SAMPLES[:4]) for x in POINTS]
    np.testing.assert_allclose(benchmark.nearest_distances(POINTS, SAMPLES[:4]), expected, rtol=1e-5)


def test_each_point_pulls_its_nearest_sample_and_no_other():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 9.0]], "float32")
    samples = keras.ops.convert_to_tensor([[0.5, 1.0], [8.0, 8.0], [-50.0, 0.0]])
    pull = backend.input_gradient(lambda y: benchmark.nearest_distances(points, y), samples)
    # 2 (y - x): the first sample is nearest to two points, the last to none.
    np.testing.assert_allclose(pull, [[2 * (0.5 - 0.5), 2 * 2.0], [-2.0, -2.0], [0.0, 0.0]], atol=1e-6)


def test_an_imle_of_a_shift_moves_to_the_data():
    """g(z) = z + w with a large pool: to each point there is a sample near it only when w is the data's mean."""

    class Shift(keras.layers.Layer):
        def build(self, shape):
            self.shift = self.add_weight(shape=(2,), initializer="zeros")

        def call(self, z):
            return 0.1 * z + self.shift

    generator = keras.Sequential([keras.Input((2,)), Shift()])
    model = benchmark.IMLE(generator, 16, seed=0)
    model.compile(keras.optimizers.SGD(0.1))
    points = np.random.default_rng(0).normal((3, -2), 0.1, (400, 2)).astype("float32")
    model.fit(points, batch_size=8, verbose=0)
    np.testing.assert_allclose(generator.get_weights()[0], [3, -2], atol=0.1)


@pytest.mark.parametrize("method", benchmark.METHODS)
def test_a_training_moves_the_generator_and_gives_its_samples(method, eagerly, monkeypatch):
    monkeypatch.setattr(benchmark, "SAMPLES", 20)
    settings = benchmark.Settings(seeds=1, steps=2, units=8, batch_size=8, pool=8, learning_rate=1e-3)
    model = benchmark.model_of(method, 0, settings)

    def train(seed):
        restart(model, benchmark.model_of(method, seed, settings))
        return benchmark.train_one(model, "eight_gaussians", seed, settings)

    trained, other, again = map(train, (0, 1, 0))  # what came before leaves no trace
    assert trained.shape == (20, 2)
    np.testing.assert_array_equal(trained, again)
    assert np.abs(trained - other).max() > 1e-4
    untrained = benchmark.plane.mlps(8, 3, 2, 0)["generator"](wk.random.normal((20, 2), seed=0))
    assert np.abs(trained - untrained).max() > 1e-4


def test_what_is_spread_evenly_covers_the_grid_and_not_the_ring():
    """Of high quality is the share of the square that lies within three standard deviations of a mode."""
    for name, modes in (("eight_gaussians", 0), ("twenty_five_gaussians", 25)):
        found = benchmark.scores(name, benchmark.evenly_spread(name))
        centers, std = benchmark.toys.modes(name)
        area = len(centers) * np.pi * (3 * std) ** 2 / (2 * (np.abs(centers).max() + 3 * std)) ** 2
        assert found["high_quality"] == pytest.approx(area, rel=0.2)
        assert found["modes"] == modes


def row(modes, kl):
    return {"modes": modes, "high_quality": 0.5, "kl_to_uniform": kl, "w1": 0.2}


def test_the_verdicts_of_known_scores():
    even, uneven = [row(8, 0.01)] * 15, [row(8, 0.01), *[row(7, 0.2), row(6, 0.3)] * 7]
    spread = {"evenly spread": [row(8, 0.01)]}
    found = benchmark.claims_of("eight_gaussians", {"IMLE": even, "GAN": uneven, **spread})
    assert [claim.verdict for claim in found] == ["held", "held", "undecided"]  # 14 of 15: 0.72 to 1.00
    found = benchmark.claims_of("eight_gaussians", {"IMLE": uneven, "GAN": even, **spread})
    assert [claim.verdict for claim in found] == ["not held"] * 3
