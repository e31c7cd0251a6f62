"""Precision, recall, density and coverage where the answers are known, and against a direct computation."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from wgan_keras import metrics


def cloud(n=400, width=16, seed=0):
    return np.random.default_rng(seed).normal(size=(n, width))


def test_identical_sets():
    """Each sample lies in its own ball and in those of k others in the mean: (1 + k) balls."""
    x = cloud()
    assert metrics.prdc(x, x.copy(), k=5) == pytest.approx((1, 1, 6 / 5, 1))


def test_disjoint_sets():
    assert metrics.prdc(cloud(), cloud(seed=1) + 1000) == (0, 0, 0, 0)


def test_collapsed_to_one_real_point():
    """All fakes at one real point: precise, and next to nothing is recalled or covered."""
    real = cloud()
    fake = np.repeat(real[:1], 300, axis=0)
    score = metrics.prdc(real, fake, k=5)
    balls_around = (cdist(real, real[:1])[:, 0] <= np.sort(cdist(real, real), axis=1)[:, 5]).sum()
    assert score == pytest.approx((1, 1 / 400, balls_around / 5, balls_around / 400))


def test_half_the_modes_missing():
    """Reals at two far clusters, fakes at one: its precision, half its recall and coverage."""
    near, far = cloud(300, seed=1), cloud(300, seed=2) + 100
    fake = cloud(300, seed=3)
    one_cluster = metrics.prdc(near, fake)
    both = metrics.prdc(np.concatenate([near, far]), fake)
    assert one_cluster.recall > 0.8
    assert both.precision == pytest.approx(one_cluster.precision)
    assert both.density == pytest.approx(one_cluster.density)
    assert both.recall == pytest.approx(one_cluster.recall / 2)
    assert both.coverage == pytest.approx(one_cluster.coverage / 2)


def test_fresh_samples_of_the_same_distribution():
    score = metrics.prdc(cloud(2000, 4, 0), cloud(2000, 4, 1))
    assert score.density == pytest.approx(1, abs=0.05)
    # Naeem et al. 2020, section 3.3: the expected coverage for equal sizes, whatever the distribution.
    n, k = 2000, 5
    expected = 1 - np.prod([(n - i) / (2 * n - i) for i in range(1, k + 1)])
    assert score.coverage == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("k", [1, 3, 5])
def test_against_full_distance_matrices(k, monkeypatch):
    """The blocks, here of a few rows each, give what whole matrices of exact distances give."""
    monkeypatch.setattr("wgan_keras.metrics.neighbors.BLOCK_BYTES", 8 * 150 * 11)
    real, fake = cloud(150, 6, 0), 0.8 * cloud(130, 6, 1) + 0.2
    real_radii = np.sort(cdist(real, real), axis=1)[:, k]
    fake_radii = np.sort(cdist(fake, fake), axis=1)[:, k]
    across = cdist(real, fake)
    in_real = across <= real_radii[:, None]
    expected = (
        in_real.any(axis=0).mean(),
        (across <= fake_radii).any(axis=1).mean(),
        in_real.sum() / (k * len(fake)),
        in_real.any(axis=1).mean(),
    )
    assert metrics.prdc(real, fake, k) == pytest.approx(expected)


def test_a_far_origin_changes_nothing():
    """Distances from norms and products would lose digits to a large common offset; centring keeps them."""
    real, fake = cloud(), cloud(seed=1)
    assert metrics.prdc(real + 1e6, fake + 1e6) == pytest.approx(metrics.prdc(real, fake))


def test_a_far_sample_widens_no_ball_but_its_own():
    real, fake = cloud(), cloud(500, seed=1) + 100
    assert metrics.prdc(real, fake) == (0, 0, 0, 0)
    fake[0] = 1e8
    score = metrics.prdc(real, fake)
    assert (score.precision, score.density, score.coverage) == (0, 0, 0)


def test_errors():
    with pytest.raises(ValueError, match=r"fake has 5 samples; expected at least 6"):
        metrics.prdc(cloud(), cloud(5))
    with pytest.raises(ValueError, match="k=0"):
        metrics.prdc(cloud(), cloud(), k=0)
