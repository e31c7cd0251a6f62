"""Searches that are refused before they begin."""

import dataclasses
import math
import os
import re

import keras
import keras_tuner
import numpy as np
import pytest
from typer.testing import CliRunner

from wgan_keras import recipes
from wgan_keras.cli import app
from wgan_keras.tuning import GANHyperModel, results
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


@pytest.fixture(scope="module")
def row(small, tmp_path_factory):
    """Of the table of a search whose trial fails before it trains."""
    out, failed = tmp_path_factory.mktemp("search"), GANHyperModel.untrained
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GANHyperModel, "train", lambda self, *_, **__: failed(self, "it is late"))
        small(trials=1).save(out)
        small(trials=1).open(out).search(verbose=0)
    return results.read(out)[0]


@pytest.mark.parametrize("name", [*COLUMNS, "val_wasserstein_1", "val_wasserstein_1_final"])
def test_a_hyperparameter_named_as_a_column_of_the_table_is_refused(tmp_path, small, row, name):
    assert name in row
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
