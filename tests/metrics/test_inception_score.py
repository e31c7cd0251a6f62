"""The inception score at its extremes and against its definition."""

import numpy as np
import pytest

from wgan_keras import metrics


def test_one_sure_image_a_class_scores_the_number_of_classes():
    assert metrics.inception_score(np.eye(10)[np.arange(100) // 10]) == pytest.approx((10, 0), abs=1e-12)


@pytest.mark.parametrize("period", [10, 20])
def test_the_score_of_perfect_images_does_not_hang_on_their_order(period):
    """One of each class in turn, or each class twice in turn: parts by number would hold one or two classes."""
    score = metrics.inception_score(np.eye(10)[np.arange(10_000) % period * 10 // period])
    assert 9.9 < score.mean <= 10 and score.std < 0.1
    assert metrics.inception_score(np.eye(10)[np.arange(10_000) % 10], seed=None) == pytest.approx((1, 0), abs=1e-12)


def test_unsure_or_collapsed_samples_score_1():
    assert metrics.inception_score(np.full((50, 4), 0.25)) == pytest.approx((1, 0), abs=1e-12)
    assert metrics.inception_score(np.eye(4)[np.zeros(50, int)]) == pytest.approx((1, 0), abs=1e-12)


def test_against_the_definition():
    p = np.random.default_rng(0).dirichlet(np.ones(6), size=103)
    scores = []
    for part in range(5):
        chosen = p[part::5]  # as they come, which `seed=None` leaves
        divergences = [sum(row * np.log(row / chosen.mean(axis=0))) for row in chosen]
        scores.append(np.exp(np.mean(divergences)))
    result = metrics.inception_score(p, splits=5, seed=None)
    assert result == pytest.approx((np.mean(scores), np.std(scores)), rel=1e-12)


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (np.zeros((0, 10)), "empty"),
        (np.full((20, 10), 0.2), "rows sum to 2"),
        (np.random.default_rng(0).normal(size=(20, 10)), "softmax"),
        (np.full((3, 4), 0.25), "3 samples for 10 splits"),
        (np.full((20, 4), np.nan), "NaN"),
    ],
)
def test_errors(probabilities, message):
    with pytest.raises(ValueError, match=message):
        metrics.inception_score(probabilities)
