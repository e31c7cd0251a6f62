"""Sliced Wasserstein against closed forms, POT's implementation and the exact distance."""

import numpy as np
import ot
import pytest

from wgan_keras import divergences, metrics
from wgan_keras.metrics.sliced_wasserstein import random_directions


@pytest.mark.parametrize("theta", [0.0, 0.25, 1.0, -2.0])
def test_parallel_lines_are_theta_apart(theta):
    """Example 1 of the WGAN paper: (0, z) and (theta, z)."""
    z = np.linspace(0, 1, 100)
    real = np.stack([np.zeros_like(z), z], axis=1)
    fake = real + np.array([theta, 0])
    assert metrics.sliced_wasserstein(real, fake) == pytest.approx(abs(theta), abs=1e-12)
    # By its bare definition theta / sqrt(2), and for p = 1 the mean of |cos|, 2 / pi.
    assert metrics.sliced_wasserstein(real, fake, normalize=False) == pytest.approx(abs(theta) / np.sqrt(2))
    bare = metrics.sliced_wasserstein(real, fake, p=1, projections=4000, normalize=False)
    assert bare == pytest.approx(abs(theta) * 2 / np.pi, rel=0.01)
    normalized = metrics.sliced_wasserstein(real, fake, p=1, projections=4000)
    assert normalized == pytest.approx(abs(theta), rel=0.01)


@pytest.mark.parametrize("width", [3, 96])
def test_a_shift_is_as_long_as_it_is(width):
    random = np.random.default_rng(0)
    real, shift = random.normal(size=(50, width)), random.normal(size=width)
    score = metrics.sliced_wasserstein(real, real + shift, projections=2 * width)
    assert score == pytest.approx(np.linalg.norm(shift), rel=1e-10)


@pytest.mark.parametrize(("n", "m", "p"), [(40, 40, 2), (40, 27, 2), (31, 40, 1)])
def test_against_pot_on_the_same_directions(n, m, p):
    random = np.random.default_rng(1)
    real, fake = random.normal(size=(n, 5)), random.gamma(1.0, size=(m, 5))
    directions = random_directions(5, 30, seed=3)
    expected = ot.sliced_wasserstein_distance(real, fake, p=p, projections=directions)
    score = metrics.sliced_wasserstein(real, fake, p=p, projections=30, normalize=False, seed=3)
    assert score == pytest.approx(expected, rel=1e-10)


def test_never_above_the_exact_distance():
    random = np.random.default_rng(2)
    for _ in range(5):
        real, fake = random.normal(size=(60, 3)), random.normal(size=(60, 3)) @ random.normal(size=(3, 3))
        exact = divergences.wasserstein(real, fake, p=2)
        assert metrics.sliced_wasserstein(real, fake, projections=30) <= exact


def test_directions_are_orthonormal_in_turn():
    directions = random_directions(4, 10, seed=0)
    assert directions.shape == (4, 10)
    np.testing.assert_allclose(directions[:, :4].T @ directions[:, :4], np.eye(4), atol=1e-12)
    np.testing.assert_allclose(directions[:, 4:8].T @ directions[:, 4:8], np.eye(4), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=0), 1)


def test_directions_cover_the_circle_evenly():
    directions = random_directions(2, 4000, seed=1)
    angles = np.arctan2(directions[1], directions[0])
    counts, _ = np.histogram(angles, bins=8, range=(-np.pi, np.pi))
    assert counts.min() > 400
    assert counts.max() < 600


def test_the_seed_decides():
    random = np.random.default_rng(3)
    real, fake = random.normal(size=(100, 6)), random.normal(1, 1, size=(80, 6))
    scores = [metrics.sliced_wasserstein(real, fake, projections=16, seed=seed) for seed in (1, 1, 2)]
    assert scores[0] == scores[1] != scores[2]


def test_errors():
    x = np.ones((4, 2))
    with pytest.raises(ValueError, match="projections=0"):
        metrics.sliced_wasserstein(x, x, projections=0)
    with pytest.raises(ValueError, match=r"p=0\.5"):
        metrics.sliced_wasserstein(x, x, p=0.5)
    with pytest.raises(ValueError, match=r"p=inf.*p finite"):
        metrics.sliced_wasserstein(x, x, p=np.inf)
