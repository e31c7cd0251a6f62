"""Searches that train: by the command, killed, by rungs, and by keras-tuner's own means."""

import dataclasses
import json
import multiprocessing
import os
import signal
import time

import keras
import keras_tuner
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import data
from wgan_keras.cli import app
from wgan_keras.files.temporaries import _machine
from wgan_keras.recipes import Recipe
from wgan_keras.tuning import GANHyperModel, results, search, workers
from wgan_keras.tuning.failures import failure_scores
from wgan_keras.tuning.oracles import HyperbandOracle
from wgan_keras.tuning.tuner import GANTuner


def run(*arguments):
    return CliRunner().invoke(app, ["tune", *map(str, arguments)])


@pytest.mark.usefixtures("eagerly")
def test_the_command_searches_reports_and_writes_the_winner(tmp_path, plain):
    plain().recipe.save(tmp_path / "recipe.json")
    (tmp_path / "space.json").write_text(json.dumps(plain().space))
    out, winner = tmp_path / "search", tmp_path / "winner"
    options = ["--space", tmp_path / "space.json", "--protocol", "w1_pixels_64", "--iterations", 2]
    result = run(tmp_path / "recipe.json", *options, "--trials", 2, "--out", out, "--to-preset", winner)
    assert result.exit_code == 0, result.output
    rows = results.read(out)
    best = min(rows, key=lambda row: row["val_wasserstein_1"])
    assert f"Best: trial {best['trial']}, val_wasserstein_1 {best['val_wasserstein_1']:.4g}" in result.output
    assert [row["iterations"] for row in rows] == [2, 2]
    assert [row["critic_updates"] for row in rows] == [2 * row["game.n_critic"] for row in rows]
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
    assert recipe.iterations == plain().recipe.iterations
    assert run("--out", out, "--trials", 3).exit_code == 0
    assert results.read(out)[:2] == rows
    assert len(results.read(out)) == 3


def test_pictures_are_searched_on_as_they_are_trained_on_and_a_stop_says_how_to_go_on(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "run_saved", stop)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").mkdir()
    for i in range(72):
        Image.new("L", (9, 8), i).save(tmp_path / f"pictures/{i:02d}.png")
    out = tmp_path / "my search"
    form = ["--image-size", "8", "--resize", "pad", "--channels", "3", "--protocol", "kid_pixels_2"]
    again = ["--workers", 4, "--to-preset", "my preset", "--tensorboard"]
    result = run("gan", "--data", "./pictures", *form, "--out", out, *again)
    assert result.exit_code == 130 and "72 pictures, 0 unreadable" in result.output, result.output
    told = f"wgan-keras tune --out '{out}' --workers 4 --to-preset 'my preset' --tensorboard\n"
    assert f"Stopped. Go on with: {told}" in result.output
    named = {"name": str(tmp_path / "pictures"), "image_size": 8, "resize": "pad", "channels": 3}
    assert search.Search.load(out).recipe.data == named


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


@pytest.mark.usefixtures("eagerly")
def test_a_trial_goes_on_from_its_checkpoint(tmp_path, plain):
    tuner, seen = plain(iterations=6).open(tmp_path / "{a} search"), []
    trial = tuner.oracle.create_trial("tuner0")
    recipe = tuner.hypermodel.space.recipe(trial.hyperparameters)
    tuner.hypermodel.train(recipe.compile(recipe.build()), recipe, 3, folder=tuner.folder("0"), verbose=0)
    tuner.run_trial(trial, callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=lambda e, _: seen.append(e))])
    assert seen == [1]  # of three iterations, as the one before


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


# Kills at every write of a toy search are test_oracles.py's, and a killed worker's trial test_workers.py's.
@pytest.mark.long
def test_a_search_killed_three_times_ends_as_one_that_was_not(tmp_path, small, uninterrupted, told, rewritten_graphs):
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


@pytest.mark.usefixtures("eagerly")
def test_a_rung_of_hyperband_goes_on_to_the_bits_of_an_uninterrupted_trial(tmp_path, plain):
    hypermodel = plain().hypermodel
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


@pytest.mark.usefixtures("eagerly")
def test_keras_tuners_own_way_and_a_trial_that_diverges(tmp_path, plain):
    rates = {"kind": "choice", "values": [3e-3, 1e30], "fields": plain().space["learning_rate"]["fields"]}
    images = data.load_arrays("eight_gaussians")
    seen = []

    class Remember(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append((epoch, logs["val_wasserstein_1"]))

        def __deepcopy__(self, memo):
            return self

    hypermodel = GANHyperModel(plain().recipe, {"learning_rate": rates}, "w1_pixels_64", epoch_iterations=5)
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
    assert good.metrics.get_last_value("iterations") == 10
    assert [epoch for epoch, _ in seen] == [0, 1]
    assert good.score == min(score for _, score in seen)
    assert bad.metrics.get_last_value("failed") == 1
    assert bad.metrics.get_last_value("iterations") < 5
    assert bad.score == failure_scores(hypermodel.evaluation, plain().recipe.build())["wasserstein_1"]
    assert tuner.get_best_models(1)[0].sample(5).shape == (5, 2)
