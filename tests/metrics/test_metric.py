"""A metric of one's own takes part like the built-in ones."""

import json
import re

import numpy as np
import pytest

from wgan_keras import metrics
from wgan_keras._registry import Registry
from wgan_keras.metrics import metric as registry


@pytest.fixture
def registered(monkeypatch):
    """Registers for the time of a test."""
    fresh = Registry("metric", "register_metric", registry._check)
    for name, each in metrics.METRICS.items():
        fresh.register(name)(each)
    monkeypatch.setattr(metrics.METRICS, "_registered", fresh._registered)
    return metrics.METRICS


class MeanGap(metrics.Metric):
    scores = {"mean_gap": metrics.Score(distance=True), "overlap": metrics.Score(better="higher")}
    in_all = True

    def compute(self, evaluation, extracted):
        gap = np.linalg.norm(extracted.features.mean(0) - evaluation.reference.mean(0))
        return {"mean_gap": gap, "overlap": 1 / (1 + gap)}  # np.float32


def test_a_metric_of_ones_own_is_parsed_scored_and_ordered(registered):
    registered.register("gap")(MeanGap)
    protocol = metrics.parse_protocol("gap_pixels_4")
    assert protocol.metrics == ("gap",) and protocol.has_best
    points = np.array([[0.0, 0], [2, 0], [0, 2], [2, 2]], "float32")
    evaluation = metrics.Evaluation.from_images(protocol, metrics.load_extractor("pixels"), points + 3, points)
    report = evaluation.report(points + np.array([6, 8]))
    assert report.scores == pytest.approx({"mean_gap": 10, "overlap": 1 / 11})
    assert report.ratios == pytest.approx({"mean_gap": 10 / np.sqrt(18)})
    assert json.loads(json.dumps(report.to_dict()))["scores"] == report.scores
    assert metrics.higher_is_better("overlap") and not metrics.higher_is_better("mean_gap")
    assert "gap" in metrics.parse_protocol("all_pixels_4").metrics


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ({"gap": 1.0}, "Gap.compute returned {'gap': 1.0}; expected {'mean_gap': a number, 'overlap': a number}."),
        ({"mean_gap": 1.0, "overlap": 1.0, "more": 1.0}, "expected {'mean_gap': a number"),
        (1.0, "Gap.compute returned 1.0; expected"),
        (None, "Gap.compute returned None; expected"),
        (
            {"mean_gap": "1.0", "overlap": 0.0},
            "Gap.compute returned '1.0' for 'mean_gap'; expected a number, or an array",
        ),
        ({"mean_gap": {"x": 1.0}, "overlap": 0.0}, "for 'mean_gap'; expected a number"),
        (
            {"mean_gap": float("nan"), "overlap": 0.0},
            "Gap.compute returned nan for 'mean_gap'; expected finite",
        ),
        ({"mean_gap": 1.0, "overlap": np.array([0.5, np.inf])}, "inf]) for 'overlap'; expected finite numbers"),
        ({"mean_gap": 1.0, "overlap": []}, "returned [] for 'overlap'; expected finite numbers"),
    ],
)
def test_a_metric_that_returns_something_else_is_named(registered, returned, message):
    gap = type("Gap", (MeanGap,), {"compute": lambda *_: returned})
    registered.register("gap")(gap)
    points = np.zeros((4, 2), "float32")
    protocol = metrics.parse_protocol("gap_pixels_4")
    evaluation = metrics.Evaluation.from_images(protocol, metrics.load_extractor("pixels"), points, points)
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        evaluation.report(points)


def test_a_metric_that_says_yes_or_no_scores_1_or_0(registered):
    """Files of scores hold numbers, and JSON's true is none."""
    gap = type("Gap", (MeanGap,), {"compute": lambda *_: {"mean_gap": np.True_, "overlap": False}})
    registered.register("gap")(gap)
    points = np.zeros((4, 2), "float32")
    pixels = metrics.load_extractor("pixels")
    evaluation = metrics.Evaluation.from_images(metrics.parse_protocol("gap_pixels_4"), pixels, points, points)
    scores = evaluation.report(points).to_dict()["scores"]
    assert {name: (type(score), score) for name, score in scores.items()} == {
        "mean_gap": (float, 1.0),
        "overlap": (float, 0.0),
    }


@pytest.mark.parametrize(
    ("facts", "protocols"),
    [
        ({"of_extractor": "spectrum"}, {"all_spectrum_4"}),
        ({"of_mixture": True}, set()),
        ({"by_channel": True}, {"all_fashion_mnist_classifier_by_channel_4"}),
        ({"needs_probabilities": True}, {"all_inception_4", "all_fashion_mnist_classifier_4"}),
    ],
)
def test_a_group_takes_a_metric_with_what_it_goes_with(registered, facts, protocols):
    registered.register("gap")(type("Gap", (MeanGap,), facts))
    names = {"all_spectrum_4", "all_pixels_4", "all_inception_4", "all_fashion_mnist_classifier_4"}
    names |= {"all_fashion_mnist_classifier_by_channel_4"}
    assert {name for name in names if "gap" in metrics.parse_protocol(name).metrics} == protocols


@pytest.mark.parametrize("name", ["epoch", "iteration", "critic_loss", "generator_loss"])
def test_a_score_has_no_name_of_the_logs(registered, name):
    with pytest.raises(ValueError, match=f"gives {{'{name}'}}, which logs hold already; choose other names"):
        registered.register("gap")(type("Gap", (metrics.Metric,), {"scores": {name: metrics.Score()}}))


def test_a_metric_has_no_name_of_a_group(registered):
    for name in ("all", "conditional"):
        with pytest.raises(ValueError, match=f"name is '{name}', which begins the protocols of several metrics"):
            registered.register(name)(MeanGap)


def test_the_scores_of_a_metric_are_a_dict_of_scores(registered):
    with pytest.raises(TypeError, match=r"has the scores \['gap'\]; expected a Score by each name"):
        registered.register("gap")(type("Gap", (metrics.Metric,), {"scores": ["gap"]}))
    with pytest.raises(ValueError, match="better is 'min'; expected 'lower', 'higher' or None"):
        metrics.Score(better="min")


def test_a_name_may_hold_underscores_and_begin_with_anothers(registered):
    for name in ("gap", "gap_of_pixels"):
        scores = {name: metrics.Score()}
        registered.register(name)(type(name, (metrics.Metric,), {"scores": scores}))
    assert metrics.parse_protocol("gap_pixels_4").metrics == ("gap",)
    assert metrics.parse_protocol("gap_of_pixels_pixels_4").metrics == ("gap_of_pixels",)
    with pytest.raises(ValueError, match="names 'of_mice'; 'gap' goes with"):
        metrics.parse_protocol("gap_of_mice_4")


def test_what_is_no_metric_is_refused(registered):
    with pytest.raises(TypeError, match="expected a subclass"):
        registered.register("gap")(lambda: 0)
    with pytest.raises(TypeError, match="expected a Score"):
        registered.register("gap")(type("Nothing", (metrics.Metric,), {}))
    with pytest.raises(ValueError, match=r"gives \{'fid'\}, as 'fid' does"):
        registered.register("other")(type("Other", (metrics.Metric,), {"scores": {"fid": metrics.Score()}}))


def test_the_built_in_metrics_keep_their_order_and_directions():
    assert metrics.parse_protocol("all_inception_10k").metrics == ("fid", "kid", "is", "prdc", "swd", "memorization")
    assert metrics.parse_protocol("all_pixels_10k").metrics == ("fid", "kid", "prdc", "swd", "memorization")
    conditional = ("intra_fid", "label_accuracy", "intra_diversity")
    assert metrics.parse_protocol("conditional_fashion_mnist_classifier_10k").metrics == conditional
    assert metrics.parse_protocol("conditional_pixels_10k").metrics == ("intra_fid", "intra_diversity")
    higher = {"inception_score", "precision", "recall", "density", "coverage", "modes_covered", "high_quality"}
    higher |= {"stacked_modes", "label_accuracy", "support_size"}
    every = {score for each in metrics.METRICS.values() for score in each.scores}
    assert {score for score in every if metrics.higher_is_better(score)} == higher
