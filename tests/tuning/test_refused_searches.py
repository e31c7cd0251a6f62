"""Searches that are refused before they train, or end in one line."""

import dataclasses
import json
import math
import os
import re
import sys
import types

import keras
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
from wgan_keras.tuning.search import COLUMNS, Search
from wgan_keras.tuning.space import Space


def run(*arguments):
    return CliRunner().invoke(app, ["tune", *map(str, arguments)])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["wgan_gp_eigth_gaussians"], "did you mean 'wgan_gp_eight_gaussians'?"),
        (["wgan_gp"], "'wgan_gp' is a game; name the data it is to learn, as --data fashion_mnist"),
        (["missing.json"], "no recipe missing.json"),
        ([], "There is no search in"),
        (["wgan_gp", "--data", "swiss_roll"], "Name a protocol"),
        (["wgan_gp_swiss_roll", "--objective", "val_critic_loss"], "scale depends on"),
        (["gan", "--data", "swiss_roll", "--protocol", "fid"], "is no protocol"),
        (["wgan_gp_swiss_roll", "--data", "eight_gaussians"], "'wgan_gp_swiss_roll' names its own data"),
        (["wgan_gp_swiss_roll", "--image-size", "8"], "'wgan_gp_swiss_roll' names its own data"),
        (["gan", "--data", "swiss_roll", "--protocol", "fid_fashion_mnist_classifier_64"], "shape (64, 2); expected"),
    ],
)
def test_what_the_user_can_mend_is_one_line(tmp_path, arguments, message):
    result = run(*arguments, "--out", tmp_path / "search")
    assert result.exit_code == 1
    assert message in result.output
    assert not (tmp_path / "search").exists()


def test_a_winner_does_not_take_the_place_of_another_models_recipe(tmp_path, tiny):
    tiny().save_to_preset(tmp_path / "mine")
    before = (tmp_path / "mine/config.json").read_text()
    result = run("wgan_gp_swiss_roll", "--out", tmp_path / "search", "--to-preset", tmp_path / "mine")
    assert (result.exit_code, "config.json that goes with" in result.output) == (1, True), result.output
    assert (tmp_path / "mine/config.json").read_text() == before
    assert not (tmp_path / "search").exists()


def test_a_file_of_something_else_is_not_overwritten(tmp_path, small):
    for name in ("oracle.json", "trials.csv", "report.html", "importance.png"):
        (tmp_path / name).write_text('{"port": 80}')
        with pytest.raises(FileExistsError, match=f"holds {name}, of something else, in whose place a search would"):
            small().save(tmp_path)
        (tmp_path / name).unlink()
    (tmp_path / "search.json").write_text('{"port": 80}')
    with pytest.raises(FileExistsError, match=r"search\.json is of something else than a search"):
        small().save(tmp_path)
    assert os.listdir(tmp_path) == ["search.json"] and (tmp_path / "search.json").read_text() == '{"port": 80}'


def test_a_winner_does_not_take_the_place_of_what_is_no_recipe(tmp_path):
    (tmp_path / "config.json").write_text('{"port": 80}')
    result = run("wgan_gp_swiss_roll", "--out", tmp_path / "search", "--to-preset", tmp_path)
    assert (result.exit_code, "is of something else than a recipe" in result.output) == (1, True), result.output
    assert os.listdir(tmp_path) == ["config.json"]


def test_a_model_whose_training_is_unknown_cannot_be_searched_from(tmp_path, tiny):
    tiny().save_to_preset(tmp_path / "mine")
    result = run(tmp_path / "mine", "--out", tmp_path / "search")
    assert (result.exit_code, "it names no data to search on" in result.output) == (1, True), result.output


def test_networks_that_the_game_refuses_are_found_before_a_trial_is_trained(tmp_path):
    space = {"critic.normalization": {"kind": "choice", "values": [None, "layer", "batch"]}}
    recipe = recipes.standard({"name": "wgan_gp"}, {"name": "fashion_mnist"}, (28, 28, 1), width=1)
    recipe = dataclasses.replace(recipe, data={"name": "eight_gaussians"})
    search = Search(recipe, space, "w1_pixels_64")
    with pytest.raises(ValueError, match="batch normalization, which a gradient penalty does not allow"):
        search.save(tmp_path / "search")
    assert not (tmp_path / "search").exists()


def test_batches_that_the_data_cannot_fill_are_found_before_a_trial_is_trained(tmp_path, small):
    search = dataclasses.replace(small(), space={"batch_size": {"kind": "choice", "values": [16, 200_000]}})
    with pytest.raises(ValueError, match="batch_size is 200000, and eight_gaussians has 100000 images"):
        search.save(tmp_path / "search")
    assert not (tmp_path / "search").exists()


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


@pytest.mark.parametrize("name", [*COLUMNS, "val_wasserstein_1", "val_wasserstein_1_final"])
def test_a_hyperparameter_named_as_a_column_of_the_table_is_refused(tmp_path, small, uninterrupted, name):
    assert name in uninterrupted[0]
    space = {name: {"kind": "choice", "values": [1, 2], "fields": ["game.n_critic"]}}
    with pytest.raises(ValueError, match=rf"a hyperparameter '{name}', as trials\.csv names a column of its own"):
        dataclasses.replace(small(), space=space).save(tmp_path / "search")
    assert not (tmp_path / "search").exists()


def test_a_hyperparameter_named_as_the_score_at_the_end_is_refused_as_well(tmp_path, small):
    space = {"val_wasserstein_1": {"kind": "choice", "values": [1, 2], "fields": ["game.n_critic"]}}
    with pytest.raises(ValueError, match=r"a hyperparameter 'val_wasserstein_1', as trials\.csv names a column"):
        dataclasses.replace(small(), space=space, at="end").save(tmp_path / "search")


SGD, RATE = {"name": "sgd", "learning_rate": 0.1}, {"kind": "uniform", "low": 0.1, "high": 0.2}
SIZE = {"kind": "integer", "low": 4, "high": 5}


@pytest.mark.parametrize(
    ("space", "message"),
    [
        (
            {"critic_optimizer.learning_rate": RATE, "critic_optimizer": {"kind": "choice", "values": [None, SGD]}},
            "'critic_optimizer' sets 'critic_optimizer', and so replaces 'critic_optimizer.learning_rate', which",
        ),
        (
            {
                "critic_optimizer": {"kind": "choice", "values": [SGD, SGD | {"momentum": 0.5}]},
                "rate": {"kind": "fixed", "value": 0.007, "fields": ["critic_optimizer.learning_rate"]},
            },
            "replaces 'critic_optimizer.learning_rate', which 'rate' sets before it: what is fixed is set first",
        ),
        (
            {"small": {**SIZE, "fields": ["batch_size"]}, "batch_size": SIZE},
            "'batch_size' sets 'batch_size', and so replaces 'batch_size', which 'small' sets before it",
        ),
    ],
)
def test_what_another_hyperparameter_replaces_is_refused(tmp_path, small, space, message):
    recipe = dataclasses.replace(small().recipe, critic_optimizer=SGD)
    with pytest.raises(ValueError, match=re.escape(message)):
        dataclasses.replace(small(), recipe=recipe, space=space).save(tmp_path / "search")


def test_an_optimizer_and_then_its_rate_replace_nothing(small):
    space = {"critic_optimizer": {"kind": "choice", "values": [SGD, SGD | {"momentum": 0.5}]}}
    varied = Space(small().recipe, {**space, "critic_optimizer.learning_rate": RATE})
    varied.refuse_replaced()
    assert [each.critic_optimizer["learning_rate"] for each in varied.corners] == [0.1, 0.2]
    assert varied.combinations == math.inf


def test_hyperband_needs_as_many_values_as_its_first_rung_has_models(tmp_path, small):
    space = {"game.n_critic": {"kind": "choice", "values": [1, 2]}}
    search = dataclasses.replace(small(tuner="hyperband", trials=None, iterations=9), space=space)
    with pytest.raises(ValueError, match="has 2 combinations of values, and Hyperband's first rung is of 3 models"):
        search.save(tmp_path / "search")
    wider = {**space, "batch_size": SIZE}
    assert dataclasses.replace(search, space=wider).hypermodel.space.combinations == 4
    dataclasses.replace(search, space=wider).save(tmp_path / "search")


def test_numbers_of_numpy_are_kept_as_numbers(tmp_path, small):
    search = small(iterations=np.int64(12))
    search = dataclasses.replace(search, recipe=dataclasses.replace(search.recipe, batch_size=np.int64(16)))
    search.save(tmp_path)
    search.save(tmp_path)  # and the same ones again
    assert Search.load(tmp_path) == search


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


def test_keras_tuners_own_way_by_a_loss_is_refused_with_the_reason_before_it_trains(tmp_path, small):
    hypermodel = GANHyperModel(small().recipe, small().space, "w1_pixels_64")
    loss, score = (keras_tuner.Objective(name, "min") for name in ("critic_loss", "val_wasserstein_1"))
    for i, objective in enumerate((loss, [score, loss])):
        tuner = keras_tuner.RandomSearch(hypermodel, objective=objective, directory=tmp_path / str(i))
        with pytest.raises(ValueError, match=r"'critic_loss', whose scale.* w1_pixels_64 gives val_wasserstein_1"):
            tuner.search(epochs=1, verbose=0, callbacks=[Untouched()])


class Untouched(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        pytest.fail("trained")
