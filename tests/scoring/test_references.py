"""References of real images: kept, made anew where they must be, and their floors."""

import importlib
import pathlib

import numpy as np
import pytest

from wgan_keras import data, feature_cache, metrics, scoring
from wgan_keras.data import catalog
from wgan_keras.data.folder_listing import Listing

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


def test_the_cache_gives_the_same_reference_and_knows_other_images(tmp_path, monkeypatch):
    first = scoring.reference("memorization_pixels_300", "fashion_mnist", SAMPLE)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    with monkeypatch.context() as patch:
        patch.setattr(feature_cache, "_features", None)  # not made again
        second = scoring.reference("memorization_pixels_300", "fashion_mnist", SAMPLE)
    for one, two in ((first.train, second.train), (first.test, second.test)):
        assert np.array_equal(one.features, two.features)
    assert np.array_equal(first.neighbors, second.neighbors)
    load_raw = data.load_raw
    monkeypatch.setattr(data, "load_raw", lambda *arguments, **form: load_raw(*arguments, **form)[::-1])
    assert not np.array_equal(
        scoring.reference("memorization_pixels_300", "fashion_mnist", SAMPLE).test.features, first.test.features
    )


def test_the_cache_knows_where_a_split_ends(monkeypatch):
    points, ends = np.random.default_rng(0).normal(size=(80, 2)).astype("float32"), {}
    monkeypatch.setattr(
        data, "load_raw", lambda name, split, *_, **form: np.split(points, [ends["at"]])[split == "test"]
    )
    for ends["at"] in (50, 40):
        evaluation = scoring.reference("swd_pixels_30", "eight_gaussians")
        np.testing.assert_array_equal(evaluation.test.features, evaluation.protocol.draw(points[ends["at"] :]))


def test_a_split_of_too_few_images_has_no_features_in_the_cache_either(monkeypatch):
    points = np.random.default_rng(0).normal(size=(40, 2)).astype("float32")
    monkeypatch.setattr(data, "load_raw", lambda name, split, *_, **form: np.split(points, [30])[split == "test"])
    for _ in range(2):
        evaluation = scoring.reference("swd_pixels_20_train", "eight_gaussians")
        assert (len(evaluation.reference), evaluation.test, evaluation.floor) == (20, None, {})
        monkeypatch.setattr(feature_cache, "_features", None)  # not made again
    refused = "swd_pixels_20 compares samples with 20 test images, of which there are 10; .* such as kid_pixels_10."
    with pytest.raises(ValueError, match=refused):
        scoring.reference("swd_pixels_20", "eight_gaussians")


@pytest.mark.parametrize(("pictures", "suggested"), [(9, 200), (20, 2), (309, 30), (2000, 200)])
def test_the_protocol_that_is_suggested_counts_at_most_those_held_out(pictures, suggested, tmp_path, monkeypatch):
    listing = Listing(tmp_path, [tmp_path / "a.png"] * pictures, {})
    monkeypatch.setattr(catalog, "list_any", lambda path: listing)
    with pytest.raises(ValueError, match=f"such as kid_pixels_{suggested} for pictures"):
        scoring.protocol_of_data(str(tmp_path))


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
    monkeypatch.setattr(feature_cache, "_sources_sha256", lambda protocol: "of other sources")
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


def test_a_base_of_a_metric_that_was_mended_makes_the_floor_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(metrics.METRICS, "_registered", dict(metrics.METRICS))
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "base_of_gap.py").write_text("class Base(dict):\n    gap = 1.0\n")
    (tmp_path / "gap_of_base.py").write_text(
        "import base_of_gap, wgan_keras\n\n\nclass Gap(base_of_gap.Base, wgan_keras.metrics.Metric):\n"
        "    scores = {'gap': wgan_keras.metrics.Score()}\n\n"
        "    def compute(self, evaluation, extracted):\n        return {'gap': self.gap}\n"
    )
    gap = importlib.import_module("gap_of_base").Gap
    metrics.register_metric("gap")(gap)
    assert scoring.reference("gap_pixels_50", "swiss_roll").floor == {"gap": 1.0}
    (tmp_path / "base_of_gap.py").write_text("class Base(dict):\n    gap = 2.0\n")
    monkeypatch.setattr(gap, "gap", 2.0)
    assert scoring.reference("gap_pixels_50", "swiss_roll").floor == {"gap": 2.0}
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_metric_of_a_notebook_has_a_reference(monkeypatch):
    monkeypatch.setattr(metrics.METRICS, "_registered", dict(metrics.METRICS))
    body = {"scores": {"gap": metrics.Score()}, "compute": lambda *_: {"gap": 1.0}, "__module__": "notebook"}
    metrics.register_metric("gap")(type("Gap", (metrics.Metric,), body))
    assert scoring.reference("gap_pixels_50", "swiss_roll").floor == {"gap": 1.0}


def test_features_that_cannot_be_kept_are_made_again_with_a_warning(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: tmp_path / "file/cache")
    with pytest.warns(UserWarning, match=r"fashion_mnist will be made again next time: .*could not be written"):
        assert len(scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE).test.features) == 300


def test_the_floor_is_made_once(monkeypatch):
    first = scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE).floor
    monkeypatch.setattr(metrics.Evaluation, "_score", None)
    assert scoring.reference("prdc_pixels_300", "fashion_mnist", SAMPLE).floor == first
    assert 0 < first["recall"] <= 1


def test_the_data_are_named_where_the_protocol_leaves_them_open():
    with pytest.raises(ValueError, match="does not say which data"):
        scoring.reference("fid_pixels_300")
    assert len(scoring.reference("modes_eight_gaussians_500").test.features) == 500
