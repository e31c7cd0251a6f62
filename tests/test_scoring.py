"""A model's scores under a protocol: in training, after it, and from the command."""

import json
import pathlib

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from wgan_keras import callbacks, data, metrics, presets, scoring
from wgan_keras.cli import app
from wgan_keras.files.saving import write_json
from wgan_keras.recipes import standard

SAMPLE = pathlib.Path(__file__).parent / "data/fashion_mnist"
PROTOCOL = "fid_pixels_300"


@pytest.fixture(scope="module")
def usual():
    sizes = {"network": "mlp", "width": 1, "latent_dim": 8}
    return standard({"name": "wgan", "n_critic": 1}, {"name": "fashion_mnist"}, (28, 28, 1), **sizes)


@pytest.fixture(scope="module")
def recipe(usual, shallow):
    return shallow(usual)


@pytest.fixture
def model(recipe):
    return recipe.compile(recipe.build())


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "cache_folder", lambda: tmp_path / "cache")


class RealImages:
    """A perfect generator: it deals out test images."""

    def sample_batches(self, n, seed, batch_size):
        images = data.load_arrays("fashion_mnist", "test", data_dir=SAMPLE)
        yield from np.array_split(images[np.random.default_rng(seed).permutation(len(images))[:n]], -(-n // batch_size))


def test_one_seed_one_report_and_another_seed_another(model):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    one, two, other = (scoring.evaluate(model, evaluation, seed).scores for seed in (0, 0, 1))
    assert one == two
    assert one != other


def test_real_images_score_near_the_floor_and_an_untrained_generator_far_from_it(usual):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    real, fake = scoring.evaluate(RealImages(), evaluation), scoring.evaluate(usual.build(), evaluation)
    assert real.scores["sliced_wasserstein"] < 2 * real.floor["sliced_wasserstein"]
    assert fake.ratios["sliced_wasserstein"] > 10


def test_the_cache_gives_the_same_reference_and_knows_other_images(tmp_path, monkeypatch):
    first = scoring.reference("memorization_pixels_300", "fashion_mnist", SAMPLE)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    with monkeypatch.context() as patch:
        patch.setattr(scoring, "_features", None)  # not made again
        second = scoring.reference("memorization_pixels_300", "fashion_mnist", SAMPLE)
    for one, two in ((first.train, second.train), (first.test, second.test)):
        assert np.array_equal(one.features, two.features)
    assert np.array_equal(first.neighbors, second.neighbors)
    load_raw = data.load_raw
    monkeypatch.setattr(data, "load_raw", lambda *arguments, **form: load_raw(*arguments, **form)[::-1])
    assert not np.array_equal(
        scoring.reference("memorization_pixels_300", "fashion_mnist", SAMPLE).test.features, first.test.features
    )


def test_a_cache_that_is_damaged_is_made_again(tmp_path):
    first = scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE)
    (path,) = (tmp_path / "cache").iterdir()
    whole = path.read_bytes()
    for content in (b"", whole[:1000], whole[: len(whole) // 2] + b"x" + whole[len(whole) // 2 + 1 :]):
        path.write_bytes(content)
        again = scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE)
        assert np.array_equal(again.test.features, first.test.features)
        assert path.read_bytes() == whole


def test_a_metric_that_was_mended_makes_the_floor_anew(monkeypatch):
    scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE)
    monkeypatch.setattr(scoring, "_sources_sha256", lambda protocol: "of other sources")
    monkeypatch.setattr(metrics.Evaluation, "_score", lambda *_: {"precision": 0.5})
    assert scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE).floor == {"precision": 0.5}


@pytest.fixture
def mine(monkeypatch):
    """mine(file, factor): registers the extractor "mine", as a file or a prompt of that name has it."""
    monkeypatch.setattr(metrics.EXTRACTORS, "_registered", dict(metrics.EXTRACTORS))

    def register(file, factor):
        source = (
            f'def load():\n    return Extractor("mine", lambda batch: ({factor} * batch, None), {{"name": "mine"}})'
        )
        if isinstance(file, pathlib.Path):
            file.write_text(source)
        names = {"Extractor": metrics.Extractor}
        exec(compile(source, str(file), "exec"), names)
        metrics.EXTRACTORS._registered.pop("mine", None)
        metrics.register_extractor("mine")(names["load"])

    return register


def test_an_extractor_that_was_mended_makes_its_features_anew(mine, tmp_path):
    """What was typed at a prompt or in a notebook cannot be read again, and is not kept."""
    for place, kept in ((tmp_path / "mine.py", 2), ("<stdin>", 2)):
        for factor in (1, 2):
            mine(place, factor)
            largest = scoring.reference("swd_mine_50", "swiss_roll").reference.max()
            assert largest == factor * scoring.reference("swd_pixels_50", "swiss_roll").reference.max()
        assert len(list((tmp_path / "cache").glob("swd_mine*"))) == kept


def test_a_metric_of_a_notebook_has_a_reference(monkeypatch):
    monkeypatch.setattr(metrics.METRICS, "_registered", dict(metrics.METRICS))
    body = {"scores": {"gap": metrics.Score()}, "compute": lambda *_: {"gap": 1.0}, "__module__": "notebook"}
    metrics.register_metric("gap")(type("Gap", (metrics.Metric,), body))
    assert scoring.reference("gap_pixels_50", "swiss_roll").floor == {"gap": 1.0}


def test_features_that_cannot_be_kept_are_made_again_with_a_warning(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(scoring, "cache_folder", lambda: tmp_path / "file/cache")
    with pytest.warns(UserWarning, match=r"fashion_mnist will be made again next time: .*could not be written"):
        assert len(scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE).test.features) == 300


def test_a_report_names_the_images_it_is_about(model):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    report = scoring.evaluate(RealImages(), evaluation)
    assert report.to_dict()["data"] == evaluation.data
    assert report.table().startswith("swd_pixels_300 of fashion_mnist\n")
    others = [scoring.reference("w1_pixels_300", name).data for name in ("eight_gaussians", "swiss_roll")]
    assert [each["name"] for each in others] == ["eight_gaussians", "swiss_roll"]
    assert len({each["sha256"] for each in (*others, evaluation.data)}) == 3


def test_the_floor_is_made_once(monkeypatch):
    first = scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE).floor
    monkeypatch.setattr(metrics.Evaluation, "_score", None)
    assert scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE).floor == first
    assert 0 < first["recall"] <= 1


def test_the_data_are_named_where_the_protocol_leaves_them_open():
    with pytest.raises(ValueError, match="does not say which data"):
        scoring.reference(PROTOCOL)
    assert len(scoring.reference("modes_eight_gaussians_500").test.features) == 500


@pytest.fixture
def fit(model):
    """fit(...): the history of `model`, of two iterations an epoch, which are soonest run eagerly."""
    model.run_eagerly = True
    images = data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE)[:8]
    return lambda **options: model.fit(images, batch_size=4, verbose=0, **options).history


def test_scores_reach_keras_callbacks_by_their_names(fit, tmp_path):
    evaluate = callbacks.Evaluate(
        "swd_pixels_300", every=2, path=tmp_path / "s.json", data_name="fashion_mnist", data_dir=SAMPLE
    )
    best = keras.callbacks.ModelCheckpoint(
        str(tmp_path / "best.keras"), monitor="val_sliced_wasserstein", mode="min", save_best_only=True
    )
    history = fit(epochs=5, callbacks=[evaluate, best])
    scores = history["val_sliced_wasserstein"]
    assert np.isnan(scores).tolist() == [False, False, True, False, True]
    assert evaluate.best["sliced_wasserstein"] == np.nanmin(scores) == best.best
    assert evaluate.last["epoch"] == 4
    kept = json.loads((tmp_path / "s.json").read_text())
    assert (kept["best"], kept["last"]) == (evaluate.best, evaluate.last)
    assert [entry["iteration"] for entry in kept["history"]] == [2, 4, 8]


def test_precision_is_best_where_it_is_largest(model):
    evaluate = callbacks.Evaluate("prdc_pixels_300", data_name="fashion_mnist", data_dir=SAMPLE)
    evaluate._remember([{"epoch": 1, "iteration": 1, "precision": p} for p in (0.1, 0.3, 0.2)])
    assert evaluate.best["precision"] == 0.3


def test_evaluations_of_a_resumed_run_are_continued(fit, tmp_path):
    options = {"path": tmp_path / "s.json", "data_name": "fashion_mnist", "data_dir": SAMPLE}
    fit(epochs=2, callbacks=[callbacks.Evaluate("swd_pixels_300", **options)])
    again = callbacks.Evaluate("swd_pixels_300", **options)
    fit(initial_epoch=2, epochs=3, callbacks=[again])
    assert [entry["epoch"] for entry in again.history] == [1, 2, 3]


def test_the_first_epoch_of_every_fit_is_scored(fit, tmp_path):
    """Keras's callbacks take the first value they see for the best, a NaN too, and nothing is below NaN."""
    options = {"every": 2, "path": tmp_path / "s.json", "data_name": "fashion_mnist", "data_dir": SAMPLE}
    fit(callbacks=[callbacks.Evaluate("swd_pixels_300", **options)])
    watch = {"monitor": "val_sliced_wasserstein", "mode": "min", "save_best_only": True}
    best = keras.callbacks.ModelCheckpoint(str(tmp_path / "best.keras"), **watch)
    again = [callbacks.Evaluate("swd_pixels_300", **options), best]
    history = fit(initial_epoch=2, epochs=5, callbacks=again)
    scores = history["val_sliced_wasserstein"]
    assert np.isnan(scores).tolist() == [False, False, True]
    assert best.best == np.nanmin(scores)


def test_a_best_state_is_not_replaced_by_one_without_a_score(model):
    """The first epoch of a second fit has the number of the scored one, and is cut short, and so not scored."""
    saved = []
    model.save = saved.append
    evaluate = callbacks.Evaluate("swd_pixels_300", data_name="fashion_mnist", data_dir=SAMPLE)
    keep = callbacks.KeepBest(evaluate, "best.keras")
    keep.set_model(model)
    evaluate._remember([{"epoch": 1, "iteration": 5, "sliced_wasserstein": 0.1}])
    for iteration in (5, 7):
        model.generator_optimizer.iterations.assign(iteration)
        keep.on_epoch_end(0)
    assert saved == ["best.keras"]


def test_scores_of_another_protocol_are_not_continued(fit, tmp_path):
    options = {"path": tmp_path / "s.json", "data_name": "fashion_mnist", "data_dir": SAMPLE}
    fit(callbacks=[callbacks.Evaluate("swd_pixels_300", **options)])
    before = (tmp_path / "s.json").read_text()
    with pytest.raises(ValueError, match=r"holds scores whose protocol is .*swd_pixels_300.* never compared"):
        fit(callbacks=[callbacks.Evaluate("swd_pixels_299", **options)])
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


def test_arrays_are_known_by_their_content(model, tmp_path):
    """Both splits, where one ends, their shapes and types; files written before that hold no data are continued."""
    points = np.arange(20, dtype="float32").reshape(10, 2) / 20
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
        callbacks.Evaluate("swd_pixels_300", every=0)


def test_the_command_prints_a_table_and_writes_json(model, recipe, tmp_path):
    presets.save(model, recipe, tmp_path / "preset")
    command = ["evaluate", str(tmp_path / "preset"), "--protocol", "prdc_pixels_300", "--data", "fashion_mnist"]
    command += ["--data-dir", str(SAMPLE), "--seed", "3"]
    result = CliRunner().invoke(app, [*command, "--json", str(tmp_path / "a.json")])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(app, [*command, "--json", str(tmp_path / "b.json")]).exit_code == 0
    report = json.loads((tmp_path / "a.json").read_text())
    assert report == json.loads((tmp_path / "b.json").read_text())
    assert report["protocol"]["name"] == "prdc_pixels_300"
    for name, score in report["scores"].items():
        assert f"{score:.4g}" in next(line for line in result.output.splitlines() if line.split()[:1] == [name])
    (tmp_path / "file").write_text("in the way")
    result = CliRunner().invoke(app, [*command, "--json", str(tmp_path / "file/c.json")])
    assert (result.exit_code, "precision" in result.output) == (1, True)  # the scores are not lost
    assert "could not be written" in result.output


def test_a_model_that_is_not_there_is_missed_before_the_data_are_read(monkeypatch, tmp_path):
    monkeypatch.setattr(scoring, "reference", None)
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path / "nowhere.keras")])
    assert (result.exit_code, "There is no file" in result.output) == (1, True), result.output
