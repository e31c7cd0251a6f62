"""Searches that cannot go on: over other data, in a folder that is in use, or after an error; each ends in one line."""

import dataclasses
import json
import os
import re
import sys
import types

import keras_tuner
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import recipes
from wgan_keras.cli import app
from wgan_keras.files.folders import InUseError, hold
from wgan_keras.metrics import Extractor, register_extractor
from wgan_keras.metrics.extractors import EXTRACTORS
from wgan_keras.runtime import user_modules
from wgan_keras.tuning import GANHyperModel, results, workers
from wgan_keras.tuning.search import Search


def run(*arguments):
    return CliRunner().invoke(app, ["tune", *map(str, arguments)])


@pytest.fixture
def of_pictures(tmp_path):
    """A search on a folder of 20 pictures, and that folder."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for i in range(20):
        Image.new("L", (8, 8), i).save(pictures / f"{i:02d}.png")
    name = {"name": str(pictures), "image_size": 8}
    recipe = recipes.standard({"name": "gan"}, name, (8, 8, 1), network="mlp", width=1, batch_size=2)
    return Search(recipe, {"batch_size": {"kind": "choice", "values": [2, 3]}}, "kid_pixels_2"), pictures


def test_a_search_in_its_own_pictures_is_refused(of_pictures):
    search, pictures = of_pictures
    with pytest.raises(ValueError, match="every picture is a training image, those drawn in training too"):
        search.save(pictures / "search")
    assert len(list(pictures.iterdir())) == 20
    (pictures.parent / "search").mkdir()
    (pictures.parent / "search/tensorboard").symlink_to(pictures)
    with pytest.raises(ValueError, match=r"holds the training images, .*search/tensorboard, among them"):
        search.save(pictures.parent / "search")


def test_a_relative_folder_is_found_from_any_working_directory(of_pictures, tmp_path, monkeypatch):
    search, pictures = of_pictures
    data = {"name": "pictures", "image_size": 8}
    relative = dataclasses.replace(search, recipe=dataclasses.replace(search.recipe, data=data))
    monkeypatch.chdir(tmp_path)
    relative.save("search")
    relative.save("search")  # the same command again
    path = tmp_path / "search/search.json"
    assert Search.load("search").recipe.data == {**data, "name": str(pictures.resolve())}
    path.write_text(path.read_text().replace(json.dumps(str(pictures.resolve())), '"pictures"'))  # an earlier version's
    assert Search.load("search").recipe.data == data
    relative.save("search")
    monkeypatch.chdir(pictures)
    Search.load(tmp_path / "search").save(tmp_path / "search")


@pytest.mark.parametrize("picture", ["07.png", "09.png"], ids=["train", "test"])
def test_other_data_are_not_gone_on_with(of_pictures, tmp_path, picture):
    search, pictures = of_pictures
    search.save(tmp_path / "search")
    Search.load(tmp_path / "search").save(tmp_path / "search")
    Image.new("L", (8, 8), 99).save(pictures / picture)
    with pytest.raises(ValueError, match=r"search have sha256 .*: pictures came, went or changed"):
        Search.load(tmp_path / "search").save(tmp_path / "search")
    kept = json.loads((tmp_path / "search/search.json").read_text())
    del kept["data_sha256"]  # as version 0.1 wrote it
    (tmp_path / "search/search.json").write_text(json.dumps(kept))
    Search.load(tmp_path / "search").save(tmp_path / "search")


def test_another_extractor_is_not_gone_on_with(small, tmp_path, monkeypatch):
    monkeypatch.setattr(EXTRACTORS, "_registered", dict(EXTRACTORS))

    @register_extractor("own", takes_weights=True)
    def own(weights):
        return Extractor("own", lambda images: (images, None), {"name": "own", "width": np.int64(2)})

    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    search = dataclasses.replace(small(), protocol="w1_own_64", weights=str(tmp_path / "one"))
    search.save(tmp_path / "search")
    search.save(tmp_path / "search")
    other = dataclasses.replace(Search.load(tmp_path / "search"), weights=str(tmp_path / "two"))
    with pytest.raises(ValueError, match=r"search are scored by the extractor {'name': 'own'.*; such scores are never"):
        other.save(tmp_path / "search")
    kept = json.loads((tmp_path / "search/search.json").read_text())
    del kept["extractor"]  # as earlier versions wrote it
    (tmp_path / "search/search.json").write_text(json.dumps(kept))
    other.save(tmp_path / "search")
    assert Search.load(tmp_path / "search").extractor["width"] == 2


def test_a_search_goes_on_where_its_pictures_lie_now_and_keeps_the_place(of_pictures, tmp_path):
    search, pictures = of_pictures
    search.save(tmp_path / "search")
    moved = pictures.rename(tmp_path / "moved")
    with pytest.raises(FileNotFoundError, match=r"no folder .*/pictures; .* The search in .* say where: --data FOLDER"):
        Search.load(tmp_path / "search").with_data_found(tmp_path / "search", None)
    Search.load(tmp_path / "search").with_data_found(tmp_path / "search", moved).save(tmp_path / "search")
    assert Search.load(tmp_path / "search").recipe.data["name"] == str(moved)
    with pytest.raises(ValueError, match=r"to be 'mnist', and the search in .*only a folder of pictures may be named"):
        search.with_data_found(tmp_path / "search", "mnist")
    (moved / "00.png").unlink()
    again = moved.rename(tmp_path / "again")
    with pytest.raises(ValueError, match="pictures came, went or changed"):
        Search.load(tmp_path / "search").with_data_found(tmp_path / "search", again).save(tmp_path / "search")


def test_a_second_search_in_a_folder_is_refused_in_one_line_and_changes_nothing(tmp_path, small):
    small().save(tmp_path)
    before = (tmp_path / "search.json").read_bytes()
    with hold(tmp_path):
        result = run("--out", tmp_path, "--trials", 7)
    assert result.exit_code == 1
    assert re.fullmatch(rf"wgan-keras: \S+ is in use by process {os.getpid()} on .*folder\.\n", result.output)
    assert (tmp_path / "search.json").read_bytes() == before


def test_a_worker_of_a_chief_elsewhere_shares_the_folder_and_the_chief_does_not(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "10.0.0.1")
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "worker0")
    with hold(tmp_path), workers.held(tmp_path):
        pass
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "chief")
    with hold(tmp_path), pytest.raises(InUseError), workers.held(tmp_path):
        pass


def test_workers_of_this_machine_are_refused_in_a_search_over_several(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "10.0.0.1")
    result = run("wgan_gp_swiss_roll", "--workers", 2, "--out", tmp_path / "search")
    assert (result.exit_code, result.output.count("\n"), list(tmp_path.iterdir())) == (1, 1, [])
    assert "--workers is 2, and KERASTUNER_ORACLE_IP makes this process one of a search over" in result.output


def test_an_error_of_the_users_own_code_ends_a_trial_with_its_place(tmp_path, small, monkeypatch):
    tuner = small(trials=1).open(tmp_path)
    trial = tuner.oracle.create_trial("tuner0")
    module = types.ModuleType("metric")
    module.__file__ = "/mine/metric.py"
    monkeypatch.setattr(user_modules, "_imported", {"metric": module})
    for file, told in (
        ("/mine/metric.py", "/mine/metric.py, line 1: KeyError: 'lost'"),
        ("/other/part.py", "This is a fault of the library: KeyError: 'lost' Run the same with --debug"),
    ):
        broken = eval(compile("lambda *arguments: {}['lost']", file, "eval"))
        monkeypatch.setattr(tuner, "_run_trial", broken)
        with pytest.raises(keras_tuner.errors.FatalRuntimeError, match=rf"^Trial 0 \(game.n_critic .*\): {told}"):
            tuner.run_trial(trial)


@pytest.mark.parametrize(("given", "traceback"), [([], False), (["--debug"], True)])
def test_what_ends_a_worker_is_one_line(tmp_path, monkeypatch, capsys, given, traceback):
    def broken(out):
        raise ValueError from KeyError("lost")

    monkeypatch.setattr(workers, "run", broken)
    monkeypatch.setattr(workers, "_end_with_parent", lambda: None)
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(sys, "argv", ["wgan-keras", "tune", *given])
    with pytest.raises(SystemExit) as ended:
        workers.take_part(str(tmp_path), "worker1", 8000, ())
    lines = capsys.readouterr().err.splitlines()
    assert (ended.value.code, "Traceback (most recent call last):" in lines) == (1, traceback)
    assert lines[-1].startswith("worker1: This is a fault of the library: ValueError")
    assert traceback or len(lines) == 1


def test_a_trial_is_trained_by_one_process_and_not_passed_over(tmp_path, small):
    small(trials=1).save(tmp_path)
    with hold(tmp_path / "trial_0"):
        result = run("--out", tmp_path)
    named = rf"wgan-keras: Trial 0 \(game.n_critic .*\): \S+ is in use by process {os.getpid()} on .*folder\.\n"
    assert re.fullmatch(named, result.output)
    assert small(trials=1).open(tmp_path).oracle.create_trial("tuner0").trial_id == "0"


def test_a_damaged_search_is_named(tmp_path, small):
    small().save(tmp_path)
    path = tmp_path / "search.json"
    path.write_text(path.read_text()[:-20])
    result = run("--out", tmp_path)
    assert (result.exit_code, "search.json is damaged" in result.output) == (1, True), result.output


def test_a_fault_that_is_no_divergence_ends_the_search_in_one_line(tmp_path, small, monkeypatch):
    def broken(*arguments, **options):
        raise OSError("the disk is full")

    small().save(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(GANHyperModel, "train", broken)
        result = run("--out", tmp_path)
    assert result.exit_code == 1
    named = r"wgan-keras: Trial 0 \(game.n_critic \d, learning_rate \S+\): the disk is full\n"
    assert re.fullmatch(named, result.output)
    assert results.read(tmp_path) == []
