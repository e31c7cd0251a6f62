"""Modes of toy mixtures: true samples, collapse, missing modes, and the edges of the definition."""

import numpy as np
import pytest

from wgan_keras import metrics
from wgan_keras.data import toys


@pytest.mark.parametrize(("name", "modes"), [("eight_gaussians", 8), ("twenty_five_gaussians", 25)])
def test_true_samples(name, modes):
    score = metrics.mode_coverage(toys.sample(name, 20_000, seed=0), *toys.modes(name))
    assert (score.covered, score.modes) == (modes, modes)
    assert score.high_quality == pytest.approx(1 - np.exp(-4.5), abs=0.003)
    assert 0 <= score.kl_to_uniform < 0.003


def test_collapse_to_one_mode():
    centers, std = toys.modes("eight_gaussians")
    score = metrics.mode_coverage(np.repeat(centers[:1], 500, axis=0), centers, std)
    assert score == pytest.approx((1, 8, 1.0, np.log(8)))


def test_half_the_modes_missing():
    centers, std = toys.modes("eight_gaussians")
    score = metrics.mode_coverage(np.repeat(centers[:4], 100, axis=0), centers, std)
    assert score == pytest.approx((4, 8, 1.0, np.log(2)))


def test_a_mode_is_covered_by_one_high_quality_sample_in_100_expected():
    """1,600 samples of 2 modes expect 800 each: 8 at a mode cover it, 7 do not."""
    centers = np.array([[0.0, 0.0], [10.0, 0.0]])
    for at_second, covered in ((8, 2), (7, 1)):
        samples = np.repeat(centers, [1600 - at_second, at_second], axis=0)
        assert metrics.mode_coverage(samples, centers, 0.1).covered == covered


def test_high_quality_ends_at_three_standard_deviations():
    centers = np.array([[0.0, 0.0], [10.0, 0.0]])
    samples = np.array([[0.0, 2.999], [0.0, 3.001], [0.0, 0.0], [7.5, 0.0]])
    score = metrics.mode_coverage(samples, centers, 1.0)
    assert score.high_quality == 0.75
    # The KL counts every sample at its nearest mode: 3 and 1 of 4.
    assert score.kl_to_uniform == pytest.approx(0.75 * np.log(1.5) + 0.25 * np.log(0.5))


def test_samples_far_from_all_modes_cover_none():
    centers, std = toys.modes("eight_gaussians")
    score = metrics.mode_coverage(np.full((100, 2), 50.0), centers, std)
    assert (score.covered, score.high_quality) == (0, 0)


def test_batches_equal_the_whole():
    centers, std = toys.modes("twenty_five_gaussians")
    samples = toys.sample("twenty_five_gaussians", 1000, seed=1)
    score = metrics.ModeCoverage(centers, std)
    for batch in np.array_split(samples, 6):
        score.update_state(batch)
    assert score.result() == metrics.mode_coverage(samples, centers, std)
    score.reset_state()
    with pytest.raises(ValueError, match="call update_state"):
        score.result()


def test_errors():
    centers, std = toys.modes("eight_gaussians")
    with pytest.raises(ValueError, match="3 coordinates"):
        metrics.mode_coverage(np.zeros((5, 3)), centers, std)
    with pytest.raises(ValueError, match="std=0"):
        metrics.mode_coverage(np.zeros((5, 2)), centers, 0)
