"""The toy distributions against their closed forms."""

import numpy as np
import pytest
from scipy import stats
from sklearn import datasets

from wgan_keras import data
from wgan_keras.data import toys


def offsets(name, points):
    """Each point's offset from its nearest mode, and that mode's number."""
    centers, _ = toys.modes(name)
    distances = np.linalg.norm(points[:, None] - centers, axis=-1)
    nearest = distances.argmin(axis=1)
    return points - centers[nearest], nearest


def test_eight_gaussians_lie_on_a_ring_of_radius_2_over_1_414():
    centers, std = toys.modes("eight_gaussians")
    np.testing.assert_allclose(np.linalg.norm(centers, axis=1), 2 / 1.414)
    np.testing.assert_allclose(np.diff(np.unwrap(np.arctan2(centers[:, 1], centers[:, 0]))), np.pi / 4)
    np.testing.assert_allclose(std, 0.02 / 1.414)


def test_twenty_five_gaussians_lie_on_a_grid_of_step_2_over_2_828():
    centers, std = toys.modes("twenty_five_gaussians")
    grid = {(round(x * 2.828, 9), round(y * 2.828, 9)) for x, y in centers}
    assert grid == {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    np.testing.assert_allclose(std, 0.05 / 2.828)


@pytest.mark.parametrize("name", ["eight_gaussians", "twenty_five_gaussians"])
def test_points_scatter_evenly_around_the_modes(name):
    centers, std = toys.modes(name)
    points = data.load_arrays(name)
    offset, mode = offsets(name, points)
    expected = len(points) / len(centers)
    assert np.abs(np.bincount(mode, minlength=len(centers)) - expected).max() < 5 * np.sqrt(expected)
    # 200,000 coordinates: the standard error of a standard deviation is std / sqrt(400,000).
    np.testing.assert_allclose(offset.std(), std, rtol=5 / np.sqrt(400_000))
    within_3_std = (np.linalg.norm(offset, axis=1) < 3 * std).mean()
    np.testing.assert_allclose(within_3_std, 1 - np.exp(-4.5), atol=6e-4)


def test_swiss_roll_has_the_moments_of_its_formula():
    points = data.load_arrays("swiss_roll").astype("float64") * 7.5
    # A point is t (cos t, sin t), with t uniform on [a, b], plus noise of standard deviation 0.25.
    a, b = 1.5 * np.pi, 4.5 * np.pi
    square = (b**3 - a**3) / (3 * (b - a)) + 2 * 0.25**2
    mean_x = ((b * np.sin(b) + np.cos(b)) - (a * np.sin(a) + np.cos(a))) / (b - a)
    mean_y = ((np.sin(b) - b * np.cos(b)) - (np.sin(a) - a * np.cos(a))) / (b - a)
    np.testing.assert_allclose((points**2).sum(1).mean(), square, rtol=0.01)
    np.testing.assert_allclose(points.mean(0), [mean_x, mean_y], atol=0.1)  # 5 standard errors


def test_swiss_roll_has_noise_of_0_25_about_its_spiral():
    points = data.load_arrays("swiss_roll").astype("float64") * 7.5
    radius, angle = np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0])
    t = angle + 2 * np.pi * np.round((radius - angle) / (2 * np.pi))  # of the arm it lies on
    # Noise along the radius, and noise across it that turns the point by 1 / t; 1 / t^2 has mean 1 / (a b).
    expected = 0.25 * np.sqrt(1 + 1 / (1.5 * np.pi * 4.5 * np.pi))
    np.testing.assert_allclose((radius - t).std(), expected, rtol=5 / np.sqrt(200_000))


def test_swiss_roll_is_distributed_as_scikit_learns():
    theirs = datasets.make_swiss_roll(20_000, noise=0.25, random_state=0)[0][:, [0, 2]] / 7.5
    ours = toys.sample("swiss_roll", 20_000, seed=0)
    for direction in [(1, 0), (0, 1), (0.6, 0.8), (0.6, -0.8)]:
        assert stats.ks_2samp(ours @ direction, theirs @ direction).pvalue > 0.001
    assert stats.ks_2samp(np.linalg.norm(ours, axis=1), np.linalg.norm(theirs, axis=1)).pvalue > 0.001


def test_scales_are_about_one():
    # What the divisors 1.414, 2.828 and 7.5 are for. 7.5 is "stdev plus a little".
    assert [round(float(data.load_arrays(name).std()), 1) for name in toys.NAMES] == [1.0, 1.0, 0.9]


@pytest.mark.parametrize("name", toys.NAMES)
def test_a_split_is_always_the_same_points(name):
    train, test = data.load_arrays(name, "train"), data.load_arrays(name, "test")
    assert (train.shape, test.shape, train.dtype) == ((100_000, 2), (10_000, 2), np.float32)
    np.testing.assert_array_equal(train, data.load_raw(name, "train"))
    assert not set(map(bytes, train)) & set(map(bytes, test))


def test_sample_is_decided_by_its_seed():
    one, same, other, free = (toys.sample("swiss_roll", 50, seed) for seed in (1, 1, 2, None))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other) and not np.array_equal(free, toys.sample("swiss_roll", 50))


def test_a_swiss_roll_has_no_modes():
    with pytest.raises(ValueError, match="'swiss_roll' has no modes; the mixtures are eight_gaussians"):
        toys.modes("swiss_roll")
    with pytest.raises(ValueError, match="unknown toy distribution 'ring'"):
        toys.sample("ring", 5)
