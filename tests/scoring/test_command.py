"""`wgan-keras evaluate`."""

import dataclasses
import json
import pathlib
import types

import pytest
from typer.testing import CliRunner

from wgan_keras import presets, run_folder, scoring
from wgan_keras.cli import app
from wgan_keras.presets.recipe import Recipe
from wgan_keras.samples import opening

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


def test_the_command_prints_a_table_and_writes_json(model, recipe, shallow, tmp_path):
    presets.save(model, shallow(recipe()), tmp_path / "preset")
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


@pytest.fixture
def asked(model, monkeypatch):
    """asked(name, ...): what the command asks `scoring.reference` for, or else its output; it need open no model."""
    references = []

    def reference(protocol, **options):
        references.append({"protocol": protocol, **options})
        raise ValueError

    def run(*arguments):
        result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
        return references.pop() if references else " ".join(result.output.split())

    monkeypatch.setattr(opening, "open_model", lambda name: model)
    monkeypatch.setattr(scoring, "reference", reference)
    return run


@pytest.fixture
def of_pictures(recipe, tmp_path):
    """The folder of a run on gray pictures of 28x28, which were padded."""
    (tmp_path / "pictures").mkdir()
    own = {"name": str(tmp_path / "pictures"), "image_size": 28, "resize": "pad"}
    run_folder.write_settings(tmp_path / "run", run_folder.Settings("where", 1))
    dataclasses.replace(recipe(), data=own).save(tmp_path / "run/config.json")
    (tmp_path / "run/gan.keras").touch()
    return tmp_path / "run"


def names(given, *fields):
    return [given.get(field) for field in fields]


def test_a_run_is_scored_on_the_data_that_it_learned_read_as_it_read_them(asked, of_pictures, tmp_path):
    fields = ("data_name", "data_dir", "image_size", "resize", "channels")
    kid, own = ("--protocol", "kid_pixels_2"), str(tmp_path / "pictures")
    for model in (of_pictures, of_pictures / "gan.keras"):
        assert names(asked(model, *kid), *fields) == [own, "where", 28, "pad", None]
        assert "Which score is to judge samples of" in asked(model)
    assert names(asked(of_pictures, *kid, "--resize", "crop", "--channels", 1), *fields)[2:] == [28, "crop", 1]
    classifier = asked(of_pictures, "--protocol", "fid_fashion_mnist_classifier_2")
    assert classifier["data_name"] == own, "the features are of other data, and what is compared are the run's"
    assert names(asked(of_pictures, *kid, "--data", "elsewhere"), *fields[2:]) == [28, "pad", None]
    assert names(asked(of_pictures, *kid, "--data", "mnist"), *fields) == ["mnist", None, None, None, None]
    assert names(asked(of_pictures, "--protocol", "modes_eight_gaussians_50"), *fields) == [None] * 5
    (tmp_path / "pictures").rmdir()
    assert "say where: --data FOLDER" in asked(of_pictures, *kid)


def test_a_run_scored_by_parts_that_are_not_imported_is_scored_by_others(asked, of_pictures):
    run = of_pictures / "config.json"
    dataclasses.replace(Recipe.load(run), evaluation={"protocol": "gap_own_50", "every": 1}).save(run)
    for protocol in ("kid_pixels_2", "kid_inception_2"):
        assert names(asked(of_pictures, "--protocol", protocol), "protocol", "weights") == [protocol, None]


def test_other_data_than_those_of_the_run_have_no_protocol_of_their_own(asked, recipe, tmp_path):
    dataclasses.replace(recipe(), evaluation=None).save(tmp_path / "config.json")
    run_folder.write_settings(tmp_path, run_folder.Settings(None, 1))
    for own in ([], ["--data", "fashion_mnist"]):
        assert names(asked(tmp_path, *own), "protocol") == [scoring.FASHION_MNIST_PROTOCOL]
    assert "Which score is to judge samples of mnist?" in asked(tmp_path, "--data", "mnist")


@pytest.mark.parametrize(
    ("preset", "protocol", "data"),
    [
        ("wgan_gp_swiss_roll", "w1_pixels_2000", "swiss_roll"),
        ("wgan_gp_mlp_fashion_mnist", "fid_fashion_mnist_classifier_10k", "fashion_mnist"),
    ],
)
def test_a_preset_is_scored_as_its_recipe_evaluates(preset, protocol, data, asked):
    assert names(asked(preset), "protocol", "data_name") == [protocol, data]


def test_a_file_that_does_not_say_what_it_learned(asked, of_pictures, monkeypatch):
    """Gray images of 28x28 are held against Fashion-MNIST, as they always were."""
    assert names(asked(of_pictures / "other.keras"), "protocol", "data_name") == [scoring.FASHION_MNIST_PROTOCOL, None]
    assert "Which score is to judge samples of mnist?" in asked(of_pictures / "other.keras", "--data", "mnist")
    points = types.SimpleNamespace(generator=types.SimpleNamespace(output_shape=(None, 2)))
    monkeypatch.setattr(opening, "open_model", lambda name: points)
    assert "name --protocol and --data" in asked("points.keras")


def test_samples_that_the_extractor_does_not_take_are_refused_before_the_data_are_read(monkeypatch):
    monkeypatch.setattr(scoring.data, "load_raw", None)
    with pytest.raises(ValueError, match=r"given images of shape \(None, 2\); expected \(n, 28, 28, 1\)"):
        scoring.reference("fid_fashion_mnist_classifier_10k", sample_shape=(2,))
