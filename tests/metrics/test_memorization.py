"""Nearest neighbors in the training set: copies are found, fresh samples pass."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import mannwhitneyu, norm

from wgan_keras import metrics


def cloud(n, seed, width=8):
    return np.random.default_rng(seed).normal(size=(n, width))


def test_nearest_neighbors_against_all_distances(monkeypatch):
    monkeypatch.setattr("wgan_keras.metrics.neighbors.BLOCK_BYTES", 8 * 200 * 7)
    fake, train = cloud(50, 0), cloud(200, 1)
    found = metrics.nearest_neighbors(fake, train)
    distances = cdist(fake, train)
    np.testing.assert_array_equal(found.indices, distances.argmin(axis=1))
    np.testing.assert_allclose(found.distances, distances.min(axis=1), rtol=1e-12)


def test_a_copy_is_at_distance_0_even_far_from_the_origin():
    train = cloud(300, 0) + 1e4
    found = metrics.nearest_neighbors(train[[7, 123]], train)
    assert found.indices.tolist() == [7, 123]
    assert found.distances.tolist() == [0, 0]


def test_copies_fresh_samples_and_strangers():
    train, held_out = cloud(2000, 0), cloud(500, 1)
    copies = metrics.memorization(train[:400] + 1e-3 * cloud(400, 2), train, held_out)
    assert copies.z < -20
    assert copies.distance < 0.01 < copies.held_out_distance
    fresh = metrics.memorization(cloud(400, 3), train, held_out)
    assert abs(fresh.z) < 3
    assert metrics.memorization(3 * cloud(400, 4), train, held_out).z > 20


def test_z_is_mann_and_whitneys():
    train, held_out, fake = cloud(300, 0), cloud(100, 1), 1.1 * cloud(80, 2)
    score = metrics.memorization(fake, train, held_out)
    test = mannwhitneyu(
        metrics.nearest_neighbors(fake, train).distances,
        metrics.nearest_neighbors(held_out, train).distances,
        alternative="less",
        method="asymptotic",
        use_continuity=False,
    )
    assert norm.cdf(score.z) == pytest.approx(test.pvalue, rel=1e-10)
