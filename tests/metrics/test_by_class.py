"""Scores by the class asked for: closed forms, labels that are shuffled or permuted, and what is refused."""

import numpy as np
import pytest

from wgan_keras import metrics

CLASSES = 3
SIZES = (40, 60, 50)
LABELS = np.repeat(np.arange(CLASSES), SIZES)
ROWS = np.split(np.arange(len(LABELS)), np.cumsum(SIZES)[:-1])


def features(seed=0):
    """(150, 4): Gaussian classes of their own means and scales."""
    rng = np.random.default_rng(seed)
    return 3.0 * LABELS[:, None] + (1 + LABELS[:, None]) * rng.normal(size=(len(LABELS), 4))


def within(x, f):
    """x with f applied to the rows of each class."""
    return np.concatenate([f(number, x[rows]) for number, rows in enumerate(ROWS)])


# The Fréchet distance within each class


def test_a_class_that_is_shifted_is_the_square_of_its_shift_away():
    shifts = np.array([[0.0, 0, 0, 0], [1, 0, 2, 0], [0, 3, 0, 4]])
    x = features()
    found = metrics.intra_class_frechet_distance(x, LABELS, x + shifts[LABELS], LABELS)
    np.testing.assert_allclose(found, [0, 5, 25], atol=1e-9)


def test_a_class_that_is_scaled_about_its_mean():
    """|m1 - m2|^2 = 0 and S2 = a^2 S1, so that d^2 = (a - 1)^2 tr S1."""
    x = features()
    fake = within(x, lambda number, rows: rows.mean(0) + number * (rows - rows.mean(0)))
    found = metrics.intra_class_frechet_distance(x, LABELS, fake, LABELS)
    traces = [np.trace(np.cov(x[rows].T)) for rows in ROWS]
    np.testing.assert_allclose(found, [traces[0], 0, traces[2]], atol=1e-9)


def test_classes_that_change_places_are_seen_by_it_alone():
    x = features()
    swapped = np.array([1, 0, 2])[LABELS]
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-9)
    found = metrics.intra_class_frechet_distance(x, LABELS, x, swapped)
    between = metrics.frechet_distance(x[ROWS[0]], x[ROWS[1]])
    np.testing.assert_allclose(found, [between, between, 0], atol=1e-9)
    assert between > 30  # means 3 apart in each of 4 coordinates


# Diversity


def test_the_mean_distance_in_pairs_by_hand():
    """Points 0, 3, 4 on a line are 3, 4, 1 apart, and 0, 6 are 6."""
    real = np.array([[0.0], [3], [4], [0], [2]])
    fake = np.array([[0.0], [6], [5], [5], [5]])
    found = metrics.intra_class_diversity(real, [0, 0, 0, 1, 1], fake, [0, 0, 1, 1, 1])
    np.testing.assert_allclose(found, [6 / (8 / 3), 0])


def test_diversity_is_the_scale_about_any_center():
    x = features()
    fake = within(x, lambda number, rows: 100 * number + (0.5 + number) * rows)
    np.testing.assert_allclose(metrics.intra_class_diversity(x, LABELS, fake, LABELS), [0.5, 1.5, 2.5])


# Label accuracy


@pytest.mark.parametrize("permutation", [(0, 1, 2), (0, 2, 1), (1, 2, 0)])
def test_a_classifier_that_permutes_classes_finds_those_that_stay(permutation):
    probabilities = np.eye(CLASSES)[np.array(permutation)[LABELS]]
    found = metrics.label_accuracy(probabilities, LABELS)
    np.testing.assert_array_equal(found, np.array(permutation) == np.arange(CLASSES))


def test_the_share_of_each_class():
    probabilities = [[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.4, 0.3, 0.3]]
    np.testing.assert_allclose(metrics.label_accuracy(probabilities, [0, 0, 2, 0]), [2 / 3, 1])


# All of them


SCORES = [
    metrics.intra_class_frechet_distance,
    metrics.intra_class_diversity,
    lambda real, real_labels, fake, labels: metrics.label_accuracy(np.abs(fake) / np.abs(fake).sum(1)[:, None], labels),
]


@pytest.mark.parametrize("score", SCORES)
def test_rows_that_are_shuffled_with_their_labels_score_the_same(score):
    x, fake = features(), features(seed=1)
    order = np.random.default_rng(2).permutation(len(fake))
    first, shuffled = score(x, LABELS, fake, LABELS), score(x, LABELS, fake[order], LABELS[order])
    np.testing.assert_allclose(shuffled, first, rtol=1e-9)
    assert np.abs(score(x, LABELS, fake, LABELS[order]) - first).max() > 0.05  # labels alone


@pytest.mark.parametrize("score", SCORES[:2])
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (LABELS[:-1], r"fake_labels are int64 of shape \(149,\); expected whole numbers from 0, of shape \(150,\)"),
        (LABELS.astype(float), "fake_labels are float64"),
        (np.eye(CLASSES, dtype=int)[LABELS], r"fake_labels are int64 of shape \(150, 3\)"),
        (LABELS - 1, "fake_labels are int64"),
        (LABELS % 2, "Class 2 has real images and no samples"),
        (LABELS * 2, "Class 1 has real images and no samples"),
        (np.where(np.arange(150) < 5, 7, LABELS), "Class 7 has samples and no real images"),
    ],
)
def test_labels_that_are_none(score, labels, message):
    with pytest.raises(ValueError, match=message):
        score(features(), LABELS, features(), labels)


def test_classes_of_too_few():
    x, few = features(), np.array([0, 1, 1, 1, 1, 1, 1])
    with pytest.raises(ValueError, match=r"Class 0: The fake set has 1 samples of 4 features: its covariance is sing"):
        metrics.intra_class_frechet_distance(x[:100], LABELS[:100], x[:7], few)
    with pytest.raises(ValueError, match="Class 0 of fake has 1 samples; expected at least 2: a distance is between"):
        metrics.intra_class_diversity(x[:100], LABELS[:100], x[:7], few)
    with pytest.raises(ValueError, match="real images of class 1 are all alike"):
        metrics.intra_class_diversity(within(x, lambda number, rows: rows * (number != 1)), LABELS, x, LABELS)
    with pytest.raises(ValueError, match="A label is 2, and the classifier has 2 classes; expected labels from 0 to 1"):
        metrics.label_accuracy([[0.5, 0.5]], [2])
