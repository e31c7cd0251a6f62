"""Modes of stacked images: counts and divergences by hand, and the classifier channel by channel."""

import pathlib

import numpy as np
import pytest

from wgan_keras import data, metrics

SAMPLE = pathlib.Path(__file__).parents[1] / "data" / "fashion_mnist"


# Real stacks of two classes a channel: the first channel's shares are 1/4 and 3/4, the others' even.
REAL = [[0, 0, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1], [1, 0, 0], [1, 1, 1]]
P = np.array([1, 1, 1, 1, 3, 3, 3, 3]) / 16
SAMPLES = [[0, 0, 0]] * 3 + [[1, 0, 0]]


def test_divergences_by_hand():
    score = metrics.stacked_modes(SAMPLES, REAL, classes=2)
    assert (score.covered, score.modes) == (2, 8)
    assert score.reverse_kl == pytest.approx(0.75 * np.log(0.75 * 16) + 0.25 * np.log(0.25 * 16 / 3))
    smoothed = np.array([4, 1, 1, 1, 2, 1, 1, 1]) / 12
    assert score.forward_kl == pytest.approx(np.sum(P * np.log(P / smoothed)))


def test_samples_of_one_mode_and_of_all_evenly():
    every = np.indices((10, 10, 10)).reshape(3, -1).T
    score = metrics.stacked_modes(every[[123] * 50], every)
    assert (score.covered, score.modes, score.reverse_kl) == (1, 1000, pytest.approx(np.log(1000)))
    score = metrics.stacked_modes(every, every)
    assert score == pytest.approx((1000, 1000, 0, 0), abs=1e-9)


def test_true_samples_score_what_their_number_lets_them():
    rng = np.random.default_rng(0)
    score = metrics.stacked_modes(*rng.integers(10, size=(2, 26_000, 3)))
    # Twice the divergence times 26,000 is about chi square of 999 degrees of freedom, of standard deviation 45.
    assert score.reverse_kl == pytest.approx(999 / 52_000, abs=5 * 45 / 52_000)
    assert score.covered == 1000


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([[0, 0]], "samples have 2 channels and real 3; both need the same"),
        ([[0, 0, 2]], "samples are from 0 to 2; expected classes 0 to 1"),
        ([[0, 0, -1]], "samples are from -1 to 0; expected classes 0 to 1"),
        ([[0.5, 0, 0]], r"samples are float64 of shape \(1, 3\); expected whole numbers \(n, channels\)"),
        ([0, 1], r"int64 of shape \(2,\); expected"),
        (np.zeros((0, 3), int), r"of shape \(0, 3\); expected"),
    ],
)
def test_what_are_no_classes_of_channels_is_refused(samples, message):
    with pytest.raises(ValueError, match=message):
        metrics.stacked_modes(samples, REAL, classes=2)


def test_too_few_real_stacks_are_refused_whatever_the_samples():
    for samples in ([[0, 0, 0]], [[0, 1, 0]]):  # of which the second would have an infinite divergence
        with pytest.raises(ValueError, match=r"None of 2 real stacks has class 1 in channel 1; expected .* Take more"):
            metrics.stacked_modes(samples, [[0, 0, 0], [1, 0, 1]], classes=2)


# The protocol


@pytest.fixture(scope="module")
def stacks():
    return {split: data.load_raw("stacked_fashion_mnist", split, SAMPLE)[:300] for split in data.SPLITS}


@pytest.fixture(scope="module")
def evaluation(stacks):
    protocol = metrics.parse_protocol("stacked_modes_fashion_mnist_classifier_300")
    train, test = (data.scale(stacks[split]) for split in data.SPLITS)
    return metrics.Evaluation.from_images(protocol, metrics.load_extractor(protocol.extractor), train, test)


def test_its_protocol_names_the_classifier_of_one_channel():
    protocol = metrics.parse_protocol("stacked_modes_fashion_mnist_classifier_26k")
    assert (protocol.metrics, protocol.extractor) == (("stacked_modes",), "fashion_mnist_classifier_by_channel")
    assert (protocol.count, protocol.split, protocol.mixture) == (26_000, "test", None)
    assert metrics.EXTRACTORS[protocol.extractor].data == "stacked_fashion_mnist"
    with pytest.raises(ValueError, match="'stacked_modes' goes with 'fashion_mnist_classifier'"):
        metrics.parse_protocol("stacked_modes_pixels_10k")


def test_the_stacks_extractor_is_the_classifier_on_each_channel(stacks):
    images = data.scale(stacks["test"][:20])
    found = metrics.load_extractor("fashion_mnist_classifier_by_channel")(images)
    single = metrics.load_extractor("fashion_mnist_classifier")
    channels = [single(images[..., channel : channel + 1]) for channel in range(3)]
    np.testing.assert_allclose(found.features, np.concatenate([each.features for each in channels], 1), atol=1e-5)
    np.testing.assert_allclose(found.probabilities, np.stack([each.probabilities for each in channels], 1), atol=1e-6)


def test_gray_images_are_no_stacks():
    with pytest.raises(ValueError, match=r"shape \(1, 28, 28, 1\); expected \(n, 28, 28, 3\)"):
        metrics.load_extractor("fashion_mnist_classifier_by_channel")(np.zeros((1, 28, 28, 1), "float32"))


def test_most_real_stacks_are_seen_as_their_label_says(stacks, evaluation):
    labels = data.load_labels("stacked_fashion_mnist", "test", SAMPLE)[:300]
    seen = evaluation.test.probabilities.argmax(-1) @ [100, 10, 1]
    # Three in a row by a classifier of 93.5%: 0.935^3 is 0.817, and the standard error of 300 is 0.022.
    assert (seen == labels).mean() == pytest.approx(0.817, abs=0.07)


def test_scores_fall_when_modes_are_left_out(stacks, evaluation):
    report = evaluation.report(data.scale(np.repeat(stacks["test"][:10], 30, axis=0)))
    assert report.scores["stacked_modes"] <= 10 < 200 < report.floor["stacked_modes"]
    assert report.scores["mode_reverse_kl"] > report.floor["mode_reverse_kl"]
    assert report.scores["mode_forward_kl"] > report.floor["mode_forward_kl"]
    assert set(report.ratios) == {"mode_reverse_kl", "mode_forward_kl"}
