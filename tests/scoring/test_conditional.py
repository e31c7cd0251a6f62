"""Conditional games under protocols of labels: what is asked for, and what real images score."""

import copy
import functools
import json
import pathlib

import numpy as np
import pytest
from typer.testing import CliRunner

from wgan_keras import callbacks, data, feature_cache, metrics, scoring
from wgan_keras.cli import app
from wgan_keras.tuning.failures import failure_scores

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"
NAMES = data.class_names("fashion_mnist")
ACCURACY = "label_accuracy_fashion_mnist_classifier_300"
DIVERSITY = "intra_diversity_fashion_mnist_classifier_300"


class RealImages:
    """A perfect generator: it deals out training images of the classes that it is asked for, after `relabel`."""

    takes_labels = True
    class_names = None

    def __init__(self, relabel=lambda labels: labels):
        self.relabel = relabel

    def sample_batches(self, n, seed, batch_size, labels):
        images, classes = data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE, labels=True)
        by_class = [iter(images[classes == number]) for number in range(10)]
        yield np.stack([next(by_class[label]) for label in self.relabel(labels)])


def test_real_images_of_the_classes_asked_for_score_what_the_classifier_can(reference):
    report = scoring.evaluate(RealImages(), reference(ACCURACY))
    images, labels = data.load_arrays("fashion_mnist", "test", data_dir=SAMPLE, labels=True)
    images, labels = (report.protocol.draw(each) for each in (images, labels))
    right = metrics.load_extractor("fashion_mnist_classifier")(images).probabilities.argmax(1) == labels
    shares = {name: right[labels == number].mean() for number, name in enumerate(NAMES)}
    assert report.floor_by_class["label_accuracy"] == shares
    assert report.floor["label_accuracy"] == pytest.approx(np.mean(list(shares.values())))
    # 93.5% of all test images, 95.3% of the training images; the standard error of 300 is 1.4%.
    assert report.floor["label_accuracy"] == pytest.approx(0.935, abs=0.05)
    assert report.scores["label_accuracy"] == pytest.approx(0.953, abs=0.05)


def test_a_generator_that_mistakes_two_classes_loses_just_these(reference):
    swapped = np.array([0, 1, 2, 3, 4, 5, 6, 7, 9, 8])
    evaluation = reference(ACCURACY)
    right = scoring.evaluate(RealImages(), evaluation).by_class["label_accuracy"]
    wrong = scoring.evaluate(RealImages(lambda labels: swapped[labels]), evaluation).by_class["label_accuracy"]
    changed = {name for name in NAMES if right[name] != wrong[name]}
    assert changed == {"Bag", "Ankle boot"}
    assert max(wrong[name] for name in changed) < 0.1 < 0.8 < min(right[name] for name in changed)


def test_a_generator_of_one_image_a_class_is_right_and_has_no_diversity(reference):
    class OneAClass(RealImages):
        def sample_batches(self, n, seed, batch_size, labels):
            images, classes = data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE, labels=True)
            yield np.stack([images[classes == label][1] for label in labels])

    assert scoring.evaluate(OneAClass(), reference(ACCURACY)).scores["label_accuracy"] > 0.85
    report = scoring.evaluate(OneAClass(), reference(DIVERSITY))
    assert report.scores["intra_diversity"] == pytest.approx(0, abs=1e-4)
    assert report.floor["intra_diversity"] == pytest.approx(1, abs=0.1)


def test_the_cache_keeps_labels_and_knows_other_ones(monkeypatch):
    again = functools.partial(scoring.reference, DIVERSITY, "fashion_mnist", SAMPLE)
    first = again()
    with monkeypatch.context() as patch:
        patch.setattr(feature_cache, "_features", None)  # not made again
        second = again()
    np.testing.assert_array_equal(second.labels, first.labels)
    assert second.real_values == first.real_values and len(first.real_values["intra_diversity"]) == 10
    load_raw = data.load_raw

    def relabeled(*arguments, **options):
        images, numbers = load_raw(*arguments, **options)
        return images, 9 - numbers

    monkeypatch.setattr(data, "load_raw", relabeled)
    other = again()
    np.testing.assert_array_equal(other.labels, 9 - first.labels)
    assert other.data["sha256"] != first.data["sha256"]


@pytest.mark.parametrize("split", ["", "_train"])
def test_a_model_is_asked_for_the_labels_of_the_reference(conditional, split, reference):
    evaluation = reference(DIVERSITY + split)
    _, numbers = data.load_arrays("fashion_mnist", split[1:] or "test", data_dir=SAMPLE, labels=True)
    np.testing.assert_array_equal(evaluation.labels, evaluation.protocol.draw(numbers))
    samples = conditional.sample(labels=evaluation.labels, seed=3)
    assert scoring.evaluate(conditional, evaluation, seed=3).scores == evaluation.scores(samples, evaluation.labels)
    order = np.random.default_rng(0).permutation(300)
    shuffled = evaluation.scores(samples[order], evaluation.labels[order])
    assert shuffled == pytest.approx(evaluation.scores(samples, evaluation.labels), rel=1e-4)


def test_all_scores_at_once_of_points():
    """`conditional_pixels` on points in the plane: a class 5 to the right is 25 away."""
    protocol = metrics.parse_protocol("conditional_pixels_200")
    rng = np.random.default_rng(0)
    labels = np.tile([0, 1], 100)
    train, test = (rng.normal(labels[:, None], 1, (200, 2)).astype("float32") for _ in range(2))
    evaluation = metrics.Evaluation.from_images(
        protocol, metrics.load_extractor("pixels"), (train, labels), (test, labels)
    )
    report = evaluation.report(test + 5 * labels[:, None] * np.float32([1, 0]), labels)
    assert report.by_class["intra_fid"] == pytest.approx({"0": 0, "1": 25}, abs=1e-4)
    assert report.scores == pytest.approx({"intra_fid": 12.5, "intra_diversity": 1}, abs=1e-4)
    assert 0 < report.floor["intra_fid"] < 0.1
    written = json.loads(json.dumps(report.to_dict()))
    assert written["by_class"] == report.by_class
    assert written["real_by_class"]["intra_fid"] == report.floor_by_class["intra_fid"]


def test_a_rare_class_may_be_in_one_split_alone():
    """Of the other split the classes of the reference are scored; there is no floor where it lacks one of these."""
    points = np.random.default_rng(0).normal(size=(40, 2)).astype("float32")
    common, rare = np.tile([0, 1], 20), np.array([0, 1] * 17 + [2] * 6)
    protocol, pixels = metrics.parse_protocol("conditional_pixels_40"), metrics.load_extractor("pixels")
    from_images = functools.partial(metrics.Evaluation.from_images, protocol, pixels)
    report = from_images((points, rare), (points, common)).report(points, common)
    assert list(report.floor_by_class["intra_fid"]) == ["0", "1"]
    assert report.floor["intra_fid"] > 0
    report = from_images((points, common), (points, rare)).report(points, rare)
    assert (report.floor, report.floor_by_class, report.ratios) == ({}, {}, {})
    assert "intra_fid" in report.table()


def test_of_a_class_with_too_few_other_real_images_there_is_no_floor():
    points = np.random.default_rng(0).normal(size=(40, 2)).astype("float32")
    common, rare = np.tile([0, 1], 20), np.array([0] * 39 + [1])
    protocol, pixels = metrics.parse_protocol("conditional_pixels_40"), metrics.load_extractor("pixels")
    report = metrics.Evaluation.from_images(protocol, pixels, (points, rare), (points, common)).report(points, common)
    assert set(report.scores) == {"intra_fid", "intra_diversity"} and report.floor == {}


def test_classes_of_one_name_are_told_by_their_numbers():
    points, labels = np.random.default_rng(0).normal(size=(60, 2)).astype("float32"), np.tile([0, 1, 2], 20)
    protocol, pixels = metrics.parse_protocol("conditional_pixels_60"), metrics.load_extractor("pixels")
    evaluation = metrics.Evaluation.from_images(protocol, pixels, (points, labels), (points, labels))
    evaluation.class_names = ("crane", "swan", "crane")
    report = evaluation.report(points, labels)
    assert list(report.by_class["intra_fid"]) == ["crane (0)", "swan", "crane (2)"]


def test_a_model_that_numbers_its_classes_otherwise_is_asked_by_name(conditional, reference):
    """A generator is right however its classes are numbered, and names that either side lacks leave the numbers."""
    order = np.array([3, 1, 4, 0, 5, 9, 2, 6, 8, 7])

    class Renumbered(RealImages):
        class_names = tuple(NAMES[number].upper() for number in order)

    evaluation = reference(ACCURACY)
    right = scoring.evaluate(RealImages(), evaluation)
    assert scoring.evaluate(Renumbered(lambda labels: order[labels]), evaluation).scores == right.scores
    np.testing.assert_array_equal(order[scoring.labels_for(Renumbered(), evaluation)], evaluation.labels)
    unnamed = copy.copy(evaluation)
    unnamed.class_names = None
    for each, asked in ((Renumbered(), unnamed), (RealImages(), evaluation), (conditional, evaluation)):
        np.testing.assert_array_equal(scoring.labels_for(each, asked), evaluation.labels)


def test_classes_are_named_by_the_data_where_they_lie(monkeypatch):
    asked = []
    monkeypatch.setattr(data, "class_names", lambda name, data_dir=None: asked.append(data_dir) or NAMES)
    assert scoring.reference(ACCURACY, data_dir=SAMPLE).class_names == NAMES
    assert asked == [SAMPLE]


def test_a_conditional_game_is_scored_while_it_trains(conditional, tmp_path, reference):
    images, labels = data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE, labels=True)
    evaluate = callbacks.Evaluate(reference(ACCURACY), path=tmp_path / "s.json")
    history = conditional.fit(images[:32], labels[:32], batch_size=8, epochs=2, verbose=0, callbacks=[evaluate]).history
    kept = json.loads((tmp_path / "s.json").read_text())
    assert [each["label_accuracy"] for each in kept["history"]] == history["val_label_accuracy"]
    assert evaluate.best["label_accuracy"] == max(history["val_label_accuracy"])
    assert set(kept["by_class"]["label_accuracy"]) == set(NAMES)


def test_the_command_scores_by_class(conditional, unconditional, tmp_path, reference):
    conditional.save(tmp_path / "gan.keras")
    options = ["--protocol", ACCURACY, "--data-dir", str(SAMPLE), "--json", str(tmp_path / "s.json")]
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path / "gan.keras"), *options])
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "s.json").read_text())
    assert report["scores"] == scoring.evaluate(conditional, reference(ACCURACY)).scores
    assert list(report["real_by_class"]["label_accuracy"]) == list(NAMES)
    unconditional.save(tmp_path / "gan.keras")
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path / "gan.keras"), *options])
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "this game's generator takes no labels" in result.output


def test_a_failed_trial_has_the_worse_of_two_scores(conditional, reference):
    evaluation = reference(ACCURACY)
    found = failure_scores(evaluation, conditional)
    # All of one image is all of one class.
    assert found["label_accuracy"] <= 0.1
