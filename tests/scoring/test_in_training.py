"""Scores in training: the callback `Evaluate`, what it keeps, and which state is the best."""

import contextlib
import json
import pathlib

import keras
import numpy as np
import pytest

from wgan_keras import callbacks, data, metrics
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import write_json
from wgan_keras.metrics.classifier import CARD

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


@pytest.fixture
def fit(model):
    """fit(...): the history of `model`, of two iterations an epoch, which are soonest run eagerly."""
    model.run_eagerly = True
    images = data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE)[:8]
    return lambda **options: model.fit(images, batch_size=4, verbose=0, **options).history


def test_scores_reach_keras_callbacks_by_their_names(fit, tmp_path):
    evaluate = callbacks.Evaluate(
        "w1_pixels_32", every=2, path=tmp_path / "s.json", data_name="fashion_mnist", data_dir=SAMPLE
    )
    best = keras.callbacks.ModelCheckpoint(
        str(tmp_path / "best.keras"), monitor="val_wasserstein_1", mode="min", save_best_only=True
    )
    history = fit(epochs=5, callbacks=[evaluate, best])
    scores = history["val_wasserstein_1"]
    assert np.isnan(scores).tolist() == [False, False, True, False, True]
    assert evaluate.best["wasserstein_1"] == np.nanmin(scores) == best.best
    assert evaluate.last["epoch"] == 4
    kept = json.loads((tmp_path / "s.json").read_text())
    assert (kept["best"], kept["last"], kept["seed"]) == (evaluate.best, evaluate.last, 0)
    assert [entry["iteration"] for entry in kept["history"]] == [2, 4, 8]


def test_precision_is_best_where_it_is_largest(model):
    evaluate = callbacks.Evaluate("prdc_pixels_300", data_name="fashion_mnist", data_dir=SAMPLE)
    evaluate._remember([{"epoch": 1, "iteration": 1, "precision": p} for p in (0.1, 0.3, 0.2)])
    assert evaluate.best["precision"] == 0.3


def test_evaluations_of_a_resumed_run_are_continued(fit, tmp_path):
    options = {"path": tmp_path / "s.json", "data_name": "fashion_mnist", "data_dir": SAMPLE}
    fit(epochs=2, callbacks=[callbacks.Evaluate("w1_pixels_32", **options)])
    again = callbacks.Evaluate("w1_pixels_32", **options)
    fit(initial_epoch=2, epochs=3, callbacks=[again])
    assert [entry["epoch"] for entry in again.history] == [1, 2, 3]


def test_the_first_epoch_of_every_fit_is_scored(fit, tmp_path):
    """Keras's callbacks take the first value they see for the best, a NaN too, and nothing is below NaN."""
    options = {"every": 2, "path": tmp_path / "s.json", "data_name": "fashion_mnist", "data_dir": SAMPLE}
    fit(callbacks=[callbacks.Evaluate("w1_pixels_32", **options)])
    watch = {"monitor": "val_wasserstein_1", "mode": "min", "save_best_only": True}
    best = keras.callbacks.ModelCheckpoint(str(tmp_path / "best.keras"), **watch)
    again = [callbacks.Evaluate("w1_pixels_32", **options), best]
    history = fit(initial_epoch=2, epochs=5, callbacks=again)
    scores = history["val_wasserstein_1"]
    assert np.isnan(scores).tolist() == [False, False, True]
    assert best.best == np.nanmin(scores)


def test_a_new_model_is_not_judged_by_the_scores_of_another(model):
    """Even where the callback is the same one."""
    points = np.eye(4, 2, dtype="float32")
    evaluate = callbacks.Evaluate(evaluation_of(points, points))
    evaluate.set_model(model)
    evaluate._remember([{"epoch": k, "iteration": k, "sliced_wasserstein": k / 10} for k in (1, 2, 3)])
    for done, expected in ((3, [1, 2, 3]), (2, [1, 2]), (0, [])):
        model.generator_optimizer.iterations.assign(done)
        evaluate.on_train_begin()
        assert [entry["iteration"] for entry in evaluate.history] == expected
    assert evaluate.best is evaluate.last is None


def test_a_best_state_is_not_replaced_by_one_without_a_score(model):
    """The first epoch of a second fit has the number of the scored one, and is cut short, and so not scored."""
    saved = []
    model.save = saved.append
    evaluate = callbacks.Evaluate("w1_pixels_32", data_name="fashion_mnist", data_dir=SAMPLE)
    keep = callbacks.KeepBest(evaluate, "best.keras")
    keep.set_model(model)
    evaluate._remember([{"epoch": 1, "iteration": 5, "wasserstein_1": 0.1}])
    for iteration in (5, 7):
        model.generator_optimizer.iterations.assign(iteration)
        keep.on_epoch_end(0)
    assert saved == ["best.keras"]


def test_scores_of_another_protocol_are_not_continued(fit, tmp_path):
    options = {"path": tmp_path / "s.json", "data_name": "fashion_mnist", "data_dir": SAMPLE}
    fit(callbacks=[callbacks.Evaluate("w1_pixels_32", **options)])
    before = (tmp_path / "s.json").read_text()
    with pytest.raises(ValueError, match=r"holds scores whose protocol is .*w1_pixels_32.* never compared"):
        fit(callbacks=[callbacks.Evaluate("w1_pixels_31", **options)])
    assert (tmp_path / "s.json").read_text() == before


def evaluation_of(train, test):
    """Of points, by an extractor whose card has a tuple."""
    extractor = metrics.Extractor(
        "own", lambda batch: (batch.reshape(len(batch), -1), None), {"name": "own", "size": (2, np.int64(3))}
    )
    return metrics.Evaluation.from_images(metrics.parse_protocol("swd_pixels_4"), extractor, train, test)


def test_a_card_with_a_tuple_is_the_one_that_its_file_holds(model, tmp_path):
    points = np.eye(4, 2, dtype="float32")
    evaluation = evaluation_of(points, points)
    evaluate = callbacks.Evaluate(evaluation, path=tmp_path / "s.json")
    evaluate.set_model(model)
    write_json(evaluate.path, {**evaluation.identity(), "history": []})
    evaluate.on_train_begin()


def test_a_model_without_a_name_is_known_by_its_weights(model, tmp_path):
    """Keras numbers them: `functional_1` in one process may be `functional_4` in the next."""
    points = np.eye(4, 2, dtype="float32")
    evaluations = []
    for sha256 in ("a", "a", "b"):
        card = {"name": f"functional_{len(evaluations)}", "sha256": sha256}
        extractor = metrics.Extractor(card["name"], lambda batch: (batch, None), card)
        evaluations.append(
            metrics.Evaluation.from_images(metrics.parse_protocol("swd_pixels_4"), extractor, points, points)
        )
    first, again, other = evaluations
    evaluate = callbacks.Evaluate(again, path=tmp_path / "s.json")
    evaluate.set_model(model)
    write_json(evaluate.path, {**first.identity(), "history": []})
    evaluate.on_train_begin()
    write_json(evaluate.path, {**other.identity(), "history": []})
    with pytest.raises(ValueError, match="holds scores whose extractor is "):
        evaluate.on_train_begin()


def test_scores_of_earlier_versions_are_continued(model, tmp_path):
    """By the classifier whose training moved, by weights that no card told apart, by a metric in another spelling."""
    of_then = {
        "protocol": {
            "name": "all_fashion_mnist_classifier_10k",
            "metrics": ["fid", "kid", "is", "prdc", "swd", "memorisation"],
            "extractor": "fashion_mnist_classifier",
            "count": 10000,
            "split": "test",
            "mixture": None,
        },
        "data": {"name": "fashion_mnist", "sha256": "d"},
        "history": [],
    }
    classifier = read_json(CARD, "")
    moved = {**classifier, "command": "python -m benchmarks.train_classifier --seeds 0 1 --epochs 14"}
    own, weights = {"name": "own"}, {"weights_sha256": "w"}
    for card, then, continued in (
        (classifier, moved, True),
        (classifier, {**classifier, "sha256": "other"}, False),
        ({"sha256": "s", "layer": 5}, {"sha256": "s", "layer": 4}, False),
        ({**own, **weights}, own, True),
        ({**own, **weights}, {**own, "weights_sha256": "other"}, False),
        (own, {**own, **weights}, False),
    ):
        extractor = metrics.Extractor("fashion_mnist_classifier", None, card)
        protocol = metrics.parse_protocol(of_then["protocol"]["name"])
        evaluate = callbacks.Evaluate(
            metrics.Evaluation(protocol, extractor, None, None, None, of_then["data"]), path=tmp_path / "s.json"
        )
        evaluate.set_model(model)
        write_json(evaluate.path, {**of_then, "extractor": then})
        with contextlib.nullcontext() if continued else pytest.raises(ValueError, match="scores whose extractor is "):
            evaluate.on_train_begin()


def test_scores_by_other_samples_or_of_other_names_are_not_continued(model, tmp_path):
    evaluation = evaluation_of(*2 * [np.eye(4, 2, dtype="float32")])
    evaluate = callbacks.Evaluate(evaluation, path=tmp_path / "s.json", seed=3)
    evaluate.set_model(model)
    entry = {"epoch": 1, "iteration": 1, "sliced_wasserstein": 0.5}
    for kept in ({"history": []}, {"history": [entry]}, {"history": [entry], "seed": 3}):
        write_json(evaluate.path, {**evaluation.identity(), **kept})
        evaluate.on_train_begin()
    write_json(evaluate.path, {**evaluation.identity(), "history": [entry], "seed": 0})
    with pytest.raises(ValueError, match="holds scores of samples of the seed 0, and this evaluation's is 3"):
        evaluate.on_train_begin()
    write_json(evaluate.path, {**evaluation.identity(), "history": [{**entry, "gap": 0.5}]})
    with pytest.raises(
        ValueError, match="holds the scores 'gap', 'sliced_wasserstein', and swd_pixels_4 gives 'sliced_"
    ):
        evaluate.on_train_begin()


def test_a_score_does_not_take_the_place_of_an_estimate_of_the_game(model, monkeypatch):
    monkeypatch.setattr(metrics.METRICS, "_registered", dict(metrics.METRICS))
    body = {"scores": {"wasserstein_estimate": metrics.Score()}, "compute": lambda *_: {"wasserstein_estimate": 1.0}}
    metrics.register_metric("estimate")(type("Estimate", (metrics.Metric,), body))
    points = np.eye(4, 2, dtype="float32")
    protocol = metrics.parse_protocol("estimate_pixels_4")
    evaluate = callbacks.Evaluate(
        metrics.Evaluation.from_images(protocol, metrics.load_extractor("pixels"), points, points)
    )
    evaluate.set_model(model)
    with pytest.raises(ValueError, match="gives the score 'wasserstein_estimate', and the game logs 'wasserstein_esti"):
        evaluate.on_train_begin()


def test_arrays_are_known_by_their_content(model, tmp_path):
    """Both splits, where one ends, their shapes and types; files written before that hold no data are continued."""
    points = np.arange(20, dtype="float32").reshape(10, 2) / 20 - 1
    splits = {"as before": (points[:5], points[5:]), "ends elsewhere": (points[:6], points[6:])}
    splits |= {"in turn": (points[5:], points[:5]), "type": (points[:5].astype("float64"), points[5:])}
    splits |= {"form": (points[:5], points[5:].reshape(5, 2, 1, 1)), "other": (points[:5], points[5:] + 50)}
    before, *others = (evaluation_of(*each) for each in splits.values())
    evaluate = callbacks.Evaluate(before, path=tmp_path / "s.json")
    evaluate.set_model(model)
    for data_of_file in (before.data, None):
        write_json(evaluate.path, {**before.identity(), "data": data_of_file, "history": []})
        evaluate.on_train_begin()
    for other in others:
        write_json(evaluate.path, {**other.identity(), "history": []})
        with pytest.raises(ValueError, match=r"holds scores whose data is .* never compared"):
            evaluate.on_train_begin()
    assert before.report(points[:4]).table().startswith("swd_pixels_4\n")


def test_equal_first_scores_are_told_apart_by_the_next():
    evaluate = callbacks.Evaluate("modes_eight_gaussians_500")
    kept = [{"epoch": n, "iteration": n, "modes_covered": 8, "high_quality": q} for n, q in ((1, 0.1), (2, 0.97))]
    evaluate._remember(kept)
    assert evaluate.best is kept[1]


def test_the_state_that_copies_most_is_not_the_best():
    evaluate = callbacks.Evaluate("memorization_pixels_300")
    evaluate._remember([{"epoch": 1, "iteration": 1, "neighbor_distance": 0.0, "memorization_z": -30.0}])
    assert (evaluate.best, evaluate.last) == (None, evaluate.history[0])


def test_what_means_nothing_is_refused_before_training():
    with pytest.raises(ValueError, match="is no protocol"):
        callbacks.Evaluate("fid")
    with pytest.raises(ValueError, match="every is 0; expected a whole number, at least 1"):
        callbacks.Evaluate("w1_pixels_32", every=0)
    with pytest.raises(TypeError, match=r"no argument 'data' \(did you mean 'data_dir' or 'data_name'\?\)"):
        callbacks.Evaluate("w1_pixels_32", data="fashion_mnist")
    points = np.eye(4, 2, dtype="float32")
    with pytest.raises(TypeError, match="given 'data_name', 'weights' beside an Evaluation, which has its data and"):
        callbacks.Evaluate(evaluation_of(points, points), data_name="fashion_mnist", weights="file", resize=None)


def test_samples_that_the_extractor_does_not_take_are_refused_before_the_data_are_read(fit):
    evaluate = callbacks.Evaluate("fid_emoji_classifier_300", data_name="a set that is not read")
    with pytest.raises(ValueError, match=r"of shape \(None, 28, 28, 1\); expected \(n, 64, 64, 3\)"):
        fit(callbacks=[evaluate])
