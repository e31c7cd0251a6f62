"""Searches that train: by the command, killed, by rungs, and by keras-tuner's own means."""

import dataclasses
import json
import multiprocessing
import os
import re
import signal
import time

import keras
import keras_tuner
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import data, recipes
from wgan_keras.cli import app
from wgan_keras.files.folders import InUseError, hold
from wgan_keras.files.temporaries import _machine
from wgan_keras.recipes import Recipe
from wgan_keras.tuning import GANHyperModel, results, search, workers
from wgan_keras.tuning.failures import failure_scores
from wgan_keras.tuning.oracles import HyperbandOracle
from wgan_keras.tuning.search import Search
from wgan_keras.tuning.tuner import GANTuner


def run(*arguments):
    return CliRunner().invoke(app, ["tune", *map(str, arguments)])


def test_the_command_searches_reports_and_writes_the_winner(tmp_path, small):
    small().recipe.save(tmp_path / "recipe.json")
    (tmp_path / "space.json").write_text(json.dumps(small().space))
    out, winner = tmp_path / "search", tmp_path / "winner"
    options = ["--space", tmp_path / "space.json", "--protocol", "w1_pixels_64", "--iterations", 6]
    result = run(tmp_path / "recipe.json", *options, "--trials", 2, "--out", out, "--to-preset", winner)
    assert result.exit_code == 0, result.output
    rows = results.read(out)
    best = min(rows, key=lambda row: row["val_wasserstein_1"])
    assert f"Best: trial {best['trial']}, val_wasserstein_1 {best['val_wasserstein_1']:.4g}" in result.output
    assert [row["iterations"] for row in rows] == [6, 6]
    assert [row["critic_updates"] for row in rows] == [6 * row["game.n_critic"] for row in rows]
    header, *lines = (out / "trials.csv").read_text().splitlines()
    assert header == (
        "trial,after,game.n_critic,learning_rate,val_wasserstein_1,val_wasserstein_1_final,iterations,up_to,"
        "critic_updates,seconds,failure"
    )
    assert len(lines) == 2
    page = (out / "report.html").read_text()
    assert f"Best: {best['val_wasserstein_1']:.4g}, trial {best['trial']}" in page
    for picture in ("hyperparameters.png", "expected_best.png"):
        assert picture in page
        Image.open(out / picture).verify()
    assert [path.parent.name for path in out.glob("*/gan.keras")] == [f"trial_{best['trial']}"]
    recipe = Recipe.load(winner / "config.json")
    assert recipe.game["n_critic"] == best["game.n_critic"]
    assert recipe.critic_optimizer["learning_rate"] == float(best["learning_rate"])
    assert recipe.iterations == small().recipe.iterations
    assert run("--out", out, "--trials", 3).exit_code == 0
    assert results.read(out)[:2] == rows
    assert len(results.read(out)) == 3


def test_of_the_finished_trials_the_best_sound_one_keeps_its_checkpoint_and_all_that_run_keep_theirs(tmp_path, small):
    tuner = small(trials=9).open(tmp_path)
    oracle, kept = tuner.oracle, set()

    def begin(worker):
        trial = oracle.create_trial(worker)
        (tuner.folder(trial.trial_id) / "gan.keras").touch()
        kept.add(f"trial_{trial.trial_id}")
        return trial

    def end(trial, score, failed):
        found = {"val_wasserstein_1": score, "failed": failed, "seconds": 1.0}
        oracle.update_trial(trial.trial_id, found)
        trial.status = "COMPLETED"
        oracle.end_trial(trial)
        tuner._drop_beaten()

    failed, worse, better, running = map(begin, ("worker0", "worker1", "worker2", "worker3"))
    for trial, *outcome in ((failed, 1.0, 1.0), (worse, 3.0, 0.0), (better, 2.0, 0.0)):
        end(trial, *outcome)
        kept -= {f"trial_{failed.trial_id}"} if trial is not better else {f"trial_{worse.trial_id}"}
        assert {path.parent.name for path in tmp_path.glob("*/gan.keras")} == kept
    assert kept == {f"trial_{trial.trial_id}" for trial in (better, running)}


def test_a_trial_goes_on_from_its_checkpoint(tmp_path, small):
    tuner, seen = small().open(tmp_path), []
    trial = tuner.oracle.create_trial("tuner0")
    recipe = tuner.hypermodel.space.recipe(trial.hyperparameters)
    tuner.hypermodel.train(recipe.compile(recipe.build()), recipe, 6, folder=tuner.folder("0"), verbose=0)
    tuner.run_trial(trial, callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=lambda e, _: seen.append(e))])
    assert seen == [2, 3]  # of three iterations each


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


def test_a_space_with_fewer_values_than_trials_is_told_and_so_is_a_search_in_which_all_failed(
    tmp_path, small, monkeypatch
):
    def fails(self, model, recipe, until, *arguments, **options):
        return self.untrained("it is late")

    monkeypatch.setattr(GANHyperModel, "train", fails)
    dataclasses.replace(small(), space={"batch_size": {"kind": "choice", "values": [8, 9]}}, trials=5).save(tmp_path)
    result = run("--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "2 of 5 trials: no other values were drawn.\nNo trial came to its end. Look at" in result.output
    assert "2 of 5 trials: no other values were drawn." in (tmp_path / "report.html").read_text()


def test_a_search_that_ends_by_the_hours_says_so(tmp_path, small, monkeypatch):
    def takes_an_hour(self, *arguments, **options):
        found, _ = self.untrained("")
        return {**found, "failed": 0.0, "seconds": 3600.0}, None

    monkeypatch.setattr(GANHyperModel, "train", takes_an_hour)
    small(trials=5, hours=1.5).save(tmp_path)
    result = run("--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "\n2 of 5 trials: the 1.5 hours were spent.\n" in result.output
    assert "2 of 5 trials: the 1.5 hours were spent." in (tmp_path / "report.html").read_text()


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


def test_a_trial_is_trained_by_one_process(tmp_path, small):
    tuner = small().open(tmp_path)
    trial = tuner.oracle.create_trial("tuner0")
    with hold(tuner.folder(trial.trial_id)), pytest.raises(InUseError, match=f"in use by process {os.getpid()}"):
        tuner.run_trial(trial)


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


def test_a_search_killed_three_times_ends_as_one_that_was_not(tmp_path, small, uninterrupted, told):
    small(trials=2).save(tmp_path)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["wgan_keras.tuning.search"])  # what takes longest

    def record(trial):
        path = tmp_path / f"trial_{trial}/trial.json"
        return path.exists() and json.loads(path.read_text())["status"] == "COMPLETED" and path.stat().st_mtime_ns

    def checkpoint(trial):
        return (tmp_path / f"trial_{trial}/gan.keras").exists()

    # In a trial, as soon as it is over, and in the next.
    for moment in (lambda: checkpoint(0), lambda: record(0), lambda: checkpoint(1)):
        process = processes.Process(target=search.run, args=(tmp_path,))
        process.start()
        while process.is_alive() and not moment():
            time.sleep(0.005)
        process.kill()  # SIGKILL
        process.join()
        assert process.exitcode == -signal.SIGKILL
    written = record(0)
    assert written
    assert not record(1)
    for folder in (tmp_path, tmp_path / "trial_0", tmp_path / "trial_1"):
        (folder / f".{process.pid}.gan.keras").touch()
        (folder / f".{process.pid}-{_machine()}-0123abcd-0.gan.keras").touch()
    os.utime(tmp_path / f"trial_0/.{process.pid}.gan.keras", (0, 0))  # a day goes by
    result = run("--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert not list(tmp_path.rglob(".*"))
    assert record(0) == written
    assert "trial 1:" in result.output
    assert told(results.read(tmp_path)) == told(uninterrupted[:2])


def test_a_rung_of_hyperband_goes_on_to_the_bits_of_an_uninterrupted_trial(tmp_path, small):
    hypermodel = small().hypermodel
    oracle = HyperbandOracle(keras_tuner.Objective("val_wasserstein_1", "min"), max_epochs=2, factor=2, seed=1)
    oracle.max_trials = 3  # two of one epoch, and the better of them on to two
    tuner = GANTuner(oracle, hypermodel, directory=tmp_path)
    tuner.search(verbose=0)
    one, other, long = oracle.trials.values()
    assert long.hyperparameters.values["tuner/trial_id"] == min(one, other, key=lambda trial: trial.score).trial_id
    assert [t.metrics.get_last_value("iterations") for t in (one, other, long)] == [3, 3, 6]
    recipe = hypermodel.space.recipe(long.hyperparameters)
    whole, parts = recipe.compile(recipe.build()), tuner.load_model(long)
    found, failure = hypermodel.train(whole, recipe, 6, verbose=0)
    assert failure is None
    for name in ("val_wasserstein_1", "val_wasserstein_1_final"):
        assert found[name] == long.metrics.get_last_value(name)
    for one, two in ((whole, parts), (whole.critic_optimizer, parts.critic_optimizer)):
        assert all(np.array_equal(a, b) for a, b in zip(one.variables, two.variables, strict=True))


def test_keras_tuners_own_way_and_a_trial_that_diverges(tmp_path, small):
    rates = {"kind": "choice", "values": [3e-3, 1e30], "fields": small().space["learning_rate"]["fields"]}
    images = data.load_arrays("eight_gaussians")
    seen = []

    class Remember(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append((epoch, logs["val_wasserstein_1"]))

        def __deepcopy__(self, memo):
            return self

    hypermodel = GANHyperModel(small().recipe, {"learning_rate": rates}, "w1_pixels_64", epoch_iterations=20)
    tuner = keras_tuner.RandomSearch(
        hypermodel,
        objective=keras_tuner.Objective("val_wasserstein_1", "min"),
        max_trials=2,
        max_consecutive_failed_trials=1,
        directory=tmp_path,
    )
    tuner.search(images, epochs=2, callbacks=[Remember()], verbose=0)
    good, bad = tuner.oracle.get_best_trials(2)
    assert good.hyperparameters.values["learning_rate"] == "0.003"
    assert good.metrics.get_last_value("iterations") == 40
    assert [epoch for epoch, _ in seen] == [0, 1]
    assert good.score == min(score for _, score in seen)
    assert bad.metrics.get_last_value("failed") == 1
    assert bad.metrics.get_last_value("iterations") < 20
    assert bad.score == failure_scores(hypermodel.evaluation, small().recipe.build())["wasserstein_1"]
    assert tuner.get_best_models(1)[0].sample(5).shape == (5, 2)


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
