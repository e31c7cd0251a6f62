"""The birthday paradox: closed forms, and brute force over all pairs."""

import itertools
import math

import numpy as np
import pytest

from wgan_keras import metrics
from wgan_keras.metrics.checks import NotFiniteError


def birthdays(n, days, seed=0):
    """n samples of `days` equally likely images, which lie 1 apart."""
    return np.eye(days)[np.random.default_rng(seed).integers(days, size=n)] / math.sqrt(2)


def test_the_support_of_birthdays_is_the_year():
    score = metrics.support_size(birthdays(3000, 365), distance=0.5)
    # Of 4.5 million pairs 12,300 are duplicates, so that the share is known within 1%.
    assert score.support == pytest.approx(365, rel=0.03)
    assert score.birthday_batch == pytest.approx(22.5, rel=0.02)


def test_half_of_the_batches_of_that_size_hold_a_duplicate():
    """1 - (1 - 1/N) (1 - 2/N) ... for N equally likely images, in whole people."""
    for days in (365, 10_000):
        batch = math.sqrt(2 * math.log(2) * days)
        without = math.prod(1 - i / days for i in range(round(batch)))
        assert without == pytest.approx(0.5, abs=0.03)


def test_every_pair_is_counted_once():
    x = np.random.default_rng(0).normal(100, 1, (60, 3))
    pairs = sum(np.linalg.norm(a - b) <= 1 for a, b in itertools.combinations(x, 2))
    assert pairs > 20
    assert metrics.support_size(x, 1).support == pytest.approx(60 * 59 / 2 / pairs, rel=1e-12)


def test_images_that_come_more_often_make_the_support_smaller():
    """One over the sum of the squared probabilities: half of the mass on one image leaves about 4."""
    x = np.concatenate([birthdays(500, 365), np.repeat(np.eye(365)[:1], 500, axis=0) / math.sqrt(2)])
    assert metrics.support_size(x, 0.5).support == pytest.approx(4, rel=0.03)


def test_without_a_duplicate_it_is_the_number_of_pairs():
    assert metrics.support_size(np.arange(50.0)[:, None], 0.5).support == 50 * 49 / 2


def test_the_distance_is_a_quantile_of_the_nearest_ones():
    x = np.random.default_rng(0).normal(size=(200, 2))
    nearest = [sorted(np.linalg.norm(x - each, axis=1))[1] for each in x]
    assert metrics.duplicate_distance(x, 0.25) == pytest.approx(np.quantile(nearest, 0.25), rel=1e-6)


def test_a_protocol_tells_a_generator_of_few_images():
    rng = np.random.default_rng(0)
    train, test = (rng.uniform(-1, 1, (500, 2, 2, 1)).astype("float32") for _ in range(2))
    protocol = metrics.parse_protocol("support_pixels_500")
    evaluation = metrics.Evaluation.from_images(protocol, metrics.load_extractor("pixels"), train, test)
    few = evaluation.scores(train[rng.integers(100, size=500)])
    assert few["support_size"] == pytest.approx(100, rel=0.1)
    assert evaluation.floor["support_size"] > 10_000
    assert "support" not in metrics.parse_protocol("all_pixels_500").metrics


def test_what_has_no_pairs():
    with pytest.raises(ValueError, match=r"fake has 1 samples; expected at least 2: duplicates are pairs"):
        metrics.support_size(np.zeros((1, 2)), 1)
    with pytest.raises(ValueError, match=r"distance is -1; expected at least 0\."):
        metrics.support_size(np.zeros((2, 2)), -1)
    with pytest.raises(NotFiniteError):
        metrics.duplicate_distance(np.full((3, 2), np.nan))


def test_copies_are_pairs_at_distance_0_however_far_out_they_lie():
    """Rounding leaves of |x|^2 - 2 x.y + |y|^2 up to 1e-9 where |x|^2 is 1e6: not one copy may be lost by it."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(90, 16)) * np.geomspace(1, 1e3, 90)[:, None]
    copied = np.concatenate([points, points[10:20], points[-10:]])
    n = len(copied)
    assert metrics.support_size(copied, 0.0).support == n * (n - 1) / 2 / 20
    assert metrics.support_size(points, 0.0).support == 90 * 89 / 2  # none: at least about that
