"""Runs on a folder of pictures, gone on with from another working directory and after the folder moved."""

import dataclasses
import json
import shutil

import pytest
from typer.testing import CliRunner

from wgan_keras import training
from wgan_keras.cli import app
from wgan_keras.recipes import Recipe

pytestmark = pytest.mark.usefixtures("all_quickly")


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def begun(tmp_path_factory, of_pictures):
    """A folder with pictures and a run on them, which were named by a path from there, with half of its iterations."""
    root = tmp_path_factory.mktemp("begun")
    recipe = of_pictures(root / "pictures", iterations=1, evaluation={"protocol": "kid_pixels_2", "every": 1})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        training.start(dataclasses.replace(recipe, data={**recipe.data, "name": "pictures"}), "run")
    whole = Recipe.load(root / "run/config.json")
    dataclasses.replace(whole, iterations=2).save(root / "run/config.json")
    return root


@pytest.fixture
def moved(begun, tmp_path):
    """(the run, its pictures), which lie where the run does not know them."""
    run = shutil.copytree(begun / "run", tmp_path / "run")
    text = (run / "config.json").read_text().replace(str(begun), "/nowhere")
    (run / "config.json").write_text(text)
    return run, shutil.copytree(begun / "pictures", tmp_path / "moved")


def iterations(run):
    return [entry["iteration"] for entry in json.loads((run / "scores.json").read_text())["history"]]


def test_a_run_named_from_a_working_directory_goes_on_from_another(begun, tmp_path):
    run = shutil.copytree(begun / "run", tmp_path / "run")
    training.resume(run)
    assert iterations(run) == [1, 2]


def test_a_run_does_not_go_on_with_pictures_where_it_writes_its_own(moved):
    run, pictures = moved
    pictures.rename(run / "samples/all")
    with pytest.raises(ValueError, match=r"holds the training images, .*/samples, among them"):
        training.resume(run, data_name=run / "samples/all")


def test_a_run_goes_on_where_its_pictures_lie_now_and_keeps_the_place(moved, monkeypatch):
    run, pictures = moved
    with pytest.raises(FileNotFoundError, match=r"no folder /nowhere/pictures; .* say where: --data FOLDER"):
        training.resume(run)
    monkeypatch.chdir(pictures.parent)
    result = CliRunner().invoke(app, ["train", "--resume", "--out", str(run), "--data", "moved"])
    assert result.exit_code == 0, result.output
    assert iterations(run) == [1, 2]
    monkeypatch.chdir("/")
    training.resume(run)
    assert Recipe.load(run / "preset/config.json").data["name"] == str(pictures)


def test_other_pictures_are_not_gone_on_with(moved):
    run, pictures = moved
    (pictures / "00.png").unlink()
    kept = (run / "config.json").read_text()
    with pytest.raises(ValueError, match="pictures came, went or changed"):
        training.resume(run, data_name=pictures)
    with pytest.raises(ValueError, match=r"data are to be 'mnist', and the run in .*only a folder of pictures may be"):
        training.resume(run, data_name="mnist")
    assert (run / "config.json").read_text() == kept


def test_a_named_set_is_not_named_anew(brief, tmp_path):
    run = tmp_path / "run"
    training.start(dataclasses.replace(brief, iterations=1), run)
    with pytest.raises(ValueError, match="learns from 'eight_gaussians'; only a folder of pictures may be named anew"):
        training.resume(run, data_name=tmp_path)
