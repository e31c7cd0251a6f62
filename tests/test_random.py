import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from wgan_keras import random


def test_uniform_is_uniform():
    assert stats.kstest(np.ravel(random.uniform((20_000,), 0)), "uniform").pvalue > 0.01


def test_normal_is_normal_and_its_columns_are_independent():
    z = np.array(random.normal((20_000, 2), 1))
    assert stats.kstest(z.ravel(), "norm").pvalue > 0.01
    assert abs(np.corrcoef(z.T)[0, 1]) < 0.03
    np.testing.assert_allclose([z.mean(), z.std(), stats.kurtosis(z.ravel())], [0, 1, 0], atol=0.05)


@pytest.mark.parametrize(("k", "u", "z"), [(0, 0.5 / 2**23, -5.2), (2**23 - 1, 1 - 0.5 / 2**23, 5.2)])
def test_the_rarest_integers_give_neither_0_nor_1_nor_infinity(monkeypatch, k, u, z):
    monkeypatch.setattr(random, "_hash", lambda *_: [np.uint32([(k << 9) + 511])])
    value = np.array(random.uniform((1,), 0))
    assert 0 < value < 1 and value == np.float32(u)
    np.testing.assert_allclose(random.normal((1,), 0), z, atol=0.1)


@pytest.mark.parametrize("draw", [random.uniform, random.normal])
def test_a_seed_generator_moves_on_and_an_int_does_not(draw):
    seed = keras.random.SeedGenerator(7)
    first, second = np.array(draw((5,), seed)), np.array(draw((5,), seed))
    assert not np.isclose(first, second).any()
    np.testing.assert_array_equal(draw((5,), 7), draw((5,), 7))
    np.testing.assert_array_equal(draw((5,), keras.random.SeedGenerator(7)), first)


def test_the_words_are_those_of_the_published_hash():
    """pcg3d as the paper prints it, in Python's integers."""

    def pcg3d(*v):
        x, y, z = ((v * 1664525 + 1013904223) % 2**32 for v in v)
        for last in (False, True):
            x = (x + y * z) % 2**32
            y = (y + z * x) % 2**32
            z = (z + x * y) % 2**32
            if not last:
                x, y, z = (v ^ (v >> 16) for v in (x, y, z))
        return x, y, z

    seed = keras.random.SeedGenerator(5)
    seed.next()
    expected = np.array([pcg3d(element, 5, 1) for element in range(4)]).T.ravel()[:10]
    np.testing.assert_array_equal(random.uniform((5, 2), seed), ((expected >> 9) + 0.5).reshape(5, 2) / 2**23)


def test_neighboring_draws_and_seeds_are_independent():
    """Pairs of the same element in two of them, in 16 x 16 cells."""
    draws_of_one = keras.random.SeedGenerator(0)
    for u in (
        np.array([random.uniform((3000,), draws_of_one) for _ in range(50)]),
        np.array([random.uniform((3000,), seed) for seed in range(50)]),
    ):
        cells = np.histogram2d(u[:-1].ravel(), u[1:].ravel(), bins=16, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(cells.ravel()).pvalue > 0.001


def test_large_seeds_draw_other_numbers():
    drawn = [np.asarray(random.uniform((8,), seed)) for seed in (0, 2**31, 2**32 - 1, 2**40)]
    assert len({draw.tobytes() for draw in drawn}) == 4


def test_xla_draws_what_eager_draws():
    """Why floats are made from integers here."""

    def draw():
        return random.uniform((1000,), 3), random.normal((1000,), 3)

    for compiled, eager, tolerance in zip(tf.function(draw, jit_compile=True)(), draw(), (0, 2e-6), strict=True):
        np.testing.assert_allclose(compiled, eager, atol=tolerance, rtol=tolerance)
