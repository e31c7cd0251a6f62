"""Runs in a folder: what they write, and that stopping and resuming changes nothing."""

import dataclasses
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
import types

import keras
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import callbacks, load_model, presets, training
from wgan_keras.cli import app
from wgan_keras.data import picture_arrays
from wgan_keras.files.folders import InUseError
from wgan_keras.recipes import Recipe, standard

RECIPE = standard(
    {"name": "wgan_gp", "ema_decay": 0.9, "seed": 1}, {"name": "eight_gaussians"}, (2,), width=2, iterations=12
)


def state(path):
    """Every number a checkpoint holds: networks, average, both optimizers, random state."""
    model = load_model(path)
    optimizers = [v.numpy() for o in (model.generator_optimizer, model.critic_optimizer) for v in o.variables]
    return [v.numpy() for v in model.variables] + optimizers


def same(one, two):
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "whole"
    training.start(RECIPE, out, epoch_iterations=5)
    return out


def test_a_run_holds_what_it_says(uninterrupted):
    files = {p.relative_to(uninterrupted).as_posix() for p in uninterrupted.rglob("*") if p.is_file()}
    pictures = {f"samples/epoch_000{i}.png" for i in (1, 2, 3)} | {"samples.png", "curves.png"}
    preset = {f"preset/{name}" for name in ("config.json", "model.weights.h5", "metadata.json")}
    assert files == pictures | preset | {"config.json", "run.json", "gan.keras", "history.csv"}


def test_the_last_epoch_ends_at_the_last_iteration(uninterrupted):
    rows = callbacks.read_history(uninterrupted / "history.csv")
    assert [(row["epoch"], row["iteration"]) for row in rows] == [(1, 5), (2, 10), (3, 12)]
    assert np.isfinite(rows[-1]["val_wasserstein_estimate"])


def test_the_seconds_of_a_row_are_those_since_the_row_before(tiny, points, tmp_path, monkeypatch):
    """Every step takes one second of this clock, and the checkpoint, which comes after the history, ten."""
    clock = types.SimpleNamespace(seconds=0, perf_counter=lambda: clock.seconds)
    monkeypatch.setattr(callbacks.history, "time", clock)

    def pass_by(seconds):
        clock.seconds += seconds

    steps = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: pass_by(1))
    checkpoint = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: pass_by(10))
    history = callbacks.IterationHistory(tmp_path / "history.csv")
    tiny().fit(points(24), batch_size=4, epochs=3, verbose=0, callbacks=[steps, history, checkpoint])
    assert [row["seconds"] for row in callbacks.read_history(tmp_path / "history.csv")] == [3, 13, 13]


def test_training_learns_and_the_average_differs_from_the_generator(uninterrupted):
    model, fresh = load_model(uninterrupted / "gan.keras"), RECIPE.build()
    assert not same(model.generator.get_weights(), fresh.generator.get_weights())
    assert not same(model.generator.get_weights(), model.generator_ema.get_weights())


def stopping(number, iteration):
    """A `StopOnSignal` in a process that gets the signal in an iteration."""

    class Stopping(callbacks.StopOnSignal):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.generator_optimizer.iterations) == iteration:
                signal.raise_signal(number)
            super().on_train_batch_end(batch, logs)

    return Stopping


StopAtSeven = stopping(signal.SIGTERM, 7)


def test_a_run_stopped_in_an_epoch_resumes_to_the_same_bits(uninterrupted, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", StopAtSeven)
        model, received = training.start(RECIPE, tmp_path / "cut", epoch_iterations=5)
    assert received == signal.SIGTERM
    assert int(model.generator_optimizer.iterations) == 7
    _, received = training.resume(tmp_path / "cut")
    assert received is None
    assert same(state(tmp_path / "cut/gan.keras"), state(uninterrupted / "gan.keras"))
    rows = callbacks.read_history(tmp_path / "cut/history.csv")
    assert [row["iteration"] for row in rows] == [5, 7, 10, 12]


def test_rows_past_the_checkpoint_are_forgotten(tmp_path):
    recipe = standard({"name": "wgan"}, {"name": "eight_gaussians"}, (2,), width=2, iterations=4, batch_size=64)
    training.start(recipe, tmp_path / "run", epoch_iterations=2)
    before = (tmp_path / "run/history.csv").read_text()
    with open(tmp_path / "run/history.csv", "a") as file:
        file.write(before.splitlines()[-1].replace("2,4", "3,6", 1) + "\n")
    history = callbacks.IterationHistory(tmp_path / "run/history.csv")
    history.set_model(load_model(tmp_path / "run/gan.keras"))
    history.on_train_begin()
    assert [row["iteration"] for row in history.rows] == [2, 4]


def test_a_folder_with_a_run_is_not_overwritten(uninterrupted):
    before = (uninterrupted / "gan.keras").read_bytes()
    with pytest.raises(FileExistsError, match=r"holds a run already; go on with it by --resume"):
        training.start(RECIPE, uninterrupted)
    assert (uninterrupted / "gan.keras").read_bytes() == before


def test_a_best_state_of_another_run_is_not_taken_for_this_ones(uninterrupted, tmp_path):
    shutil.copyfile(uninterrupted / "gan.keras", tmp_path / "best.keras")
    with pytest.raises(FileExistsError, match="holds a run already"):
        training.start(RECIPE, tmp_path)


def test_a_preset_or_a_search_is_not_overwritten(uninterrupted, tmp_path):
    shutil.copytree(uninterrupted / "preset", tmp_path / "preset")
    (tmp_path / "search").mkdir()
    (tmp_path / "search/search.json").write_text("{}")
    before = (tmp_path / "preset/config.json").read_bytes()
    for folder in ("preset", "search"):
        with pytest.raises(FileExistsError, match="holds a preset or a search"):
            training.start(RECIPE, tmp_path / folder)
    assert (tmp_path / "preset/config.json").read_bytes() == before


def test_a_run_in_its_own_pictures_is_refused_and_other_data_are_not_gone_on_with(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for i in range(20):
        Image.new("RGB", (8, 8), (12 * i, 0, 0)).save(pictures / f"{i:02d}.png")
    given = {"network": "mlp", "width": 1, "batch_size": 2, "iterations": 2}
    recipe = standard({"name": "gan"}, {"name": str(pictures), "image_size": 8}, (8, 8, 3), **given)
    with pytest.raises(ValueError, match="every picture is a training image, a run's samples too"):
        training.start(recipe, pictures / "runs/latest")
    assert len(list(pictures.iterdir())) == 20
    training.start(recipe, tmp_path / "run")
    training.resume(tmp_path / "run")
    monkeypatch.setattr(picture_arrays, "LEAST", 0)  # the same pictures mapped from the cache are the same data
    training.resume(tmp_path / "run")
    (pictures / "07.png").unlink()
    with pytest.raises(ValueError, match="pictures came, went or changed"):
        training.resume(tmp_path / "run")


def test_a_damaged_run_json_is_named(uninterrupted, tmp_path):
    run = shutil.copytree(uninterrupted, tmp_path / "run")
    for content in ("", "{}", "[]"):
        (run / "run.json").write_text(content)
        with pytest.raises(ValueError, match=r"run\.json is damaged"):
            training.resume(run)


def test_weights_to_score_by_are_for_recipes_that_score(tmp_path):
    with pytest.raises(ValueError, match=r"weights is 'inception\.h5', but the recipe has no evaluation"):
        training.start(RECIPE, tmp_path / "run", weights="inception.h5")
    scored = dataclasses.replace(RECIPE, evaluation={"protocol": "fid_inception_300", "every": 4})
    with pytest.raises(FileNotFoundError, match=r"missing\.h5"):
        training.start(scored, tmp_path / "run", weights=tmp_path / "missing.h5")
    with pytest.raises(FileNotFoundError, match=r"elsewhere\.h5"):
        training.resume(tmp_path / "run", weights=tmp_path / "elsewhere.h5")


def test_a_folder_without_a_run_cannot_be_resumed(tmp_path):
    RECIPE.save(tmp_path / "config.json")  # of a preset, say
    with pytest.raises(FileNotFoundError, match=r"no run in .* to resume"):
        training.resume(tmp_path)


def test_sigterm_and_ctrl_c_to_the_command_leave_what_resumes(uninterrupted, tmp_path, monkeypatch):
    RECIPE.save(tmp_path / "recipe.json")
    arguments = [str(tmp_path / "recipe.json"), "--epoch-iterations", "5"]
    for number, iteration in ((signal.SIGTERM, 3), (signal.SIGINT, 8)):
        with monkeypatch.context() as patch:
            patch.setattr(callbacks, "StopOnSignal", stopping(number, iteration))
            result = CliRunner().invoke(app, ["train", "--out", str(tmp_path / "run"), *arguments])
        assert result.exit_code == 128 + number, result.output
        assert int(load_model(tmp_path / "run/gan.keras").generator_optimizer.iterations) == iteration
        assert f"Stopped after iteration {iteration}. Go on with: wgan-keras train --resume --out" in result.output
        arguments = ["--resume"]
    training.resume(tmp_path / "run")
    assert same(state(tmp_path / "run/gan.keras"), state(uninterrupted / "gan.keras"))


def test_a_run_whose_output_is_gone_stops_on_a_hang_up_and_resumes(uninterrupted, tmp_path):
    """As when its terminal closes; meanwhile nothing else trains there, and what a kill leaves half written goes."""
    RECIPE.save(tmp_path / "recipe.json")
    out = tmp_path / "run"
    command = [sys.executable, "-m", "wgan_keras.cli", "train", tmp_path / "recipe.json", "--epoch-iterations", "1"]
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # of the children too, under nohup
    with open("/dev/full", "w") as full:
        process = subprocess.Popen([*command, "--out", out], stdout=subprocess.PIPE, stderr=full)
    signal.signal(signal.SIGHUP, before)
    process.stdout.close()
    while process.poll() is None and not (out / "samples/epoch_0002.png").exists():
        time.sleep(0.01)
    for go_on in (lambda: training.start(RECIPE, out), lambda: training.resume(out)):
        with pytest.raises(InUseError, match=rf"run is in use by process {process.pid} on .*; wait until that ends"):
            go_on()
    for _ in range(2):  # the system's and the shell's
        process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=300) == 128 + signal.SIGHUP
    assert 2 <= int(load_model(out / "gan.keras").generator_optimizer.iterations) < 12
    left = [out / ".1-0123abcd-0123abcd-7.gan.keras", out / f"samples/.{process.pid}.epoch_0003.png"]
    for path in left:
        path.touch()
    rows = (out / "history.csv").read_bytes()
    training.resume(out)
    assert (out / "history.csv").read_bytes().startswith(rows)
    assert not list(out.rglob(".*"))
    assert same(state(out / "gan.keras"), state(uninterrupted / "gan.keras"))


def test_a_checkpoint_of_another_recipe_is_not_gone_on_with(uninterrupted, tmp_path):
    others = {
        "game": {"game": {**RECIPE.game, "gradient_penalty_weight": 3.0}},
        "critic": {"critic": {**RECIPE.critic, "depth": 2}},
        "generator_optimizer": {"generator_optimizer": {**RECIPE.generator_optimizer, "beta_1": 0.25}},
    }
    for field, change in others.items():
        run = shutil.copytree(uninterrupted, tmp_path / field)
        dataclasses.replace(RECIPE, **change).save(run / "config.json")
        with pytest.raises(ValueError, match=rf"gan\.keras is of a run with another {field} than .*config\.json says"):
            training.resume(run)


def test_a_longer_run_is_of_the_same_recipe(uninterrupted, tmp_path):
    """What a model does not tell may change; and a recipe that says the defaults is the one that leaves them out."""
    run = shutil.copytree(uninterrupted, tmp_path / "run")
    dataclasses.replace(RECIPE, game={**RECIPE.game, "n_critic": 5}, iterations=13).save(run / "config.json")
    model, _ = training.resume(run)
    assert int(model.generator_optimizer.iterations) == 13


def test_rows_of_a_history_stay_byte_for_byte(tiny, points, tmp_path):
    """Whole numbers, empty cells of an epoch cut short, and names with commas."""
    kept = b'epoch,iteration,seconds,"a, b",whole,val_fid\r\n1,3,0.5,8,8,1e-07\r\n2,6,0.5,8.0,9,\r\n'
    (tmp_path / "history.csv").write_bytes(kept + b"3,99,0.5,8,8,8\r\n")
    model = tiny()
    model.generator_optimizer.iterations.assign(6)
    history = callbacks.IterationHistory(tmp_path / "history.csv")
    logs = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: logs.update({name: 8 for name in ("a, b", "whole", "val_fid")})
    )
    model.fit(points(24), batch_size=4, epochs=1, verbose=0, callbacks=[logs, history])
    lines = kept.splitlines(keepends=True)
    written = (tmp_path / "history.csv").read_bytes().splitlines(keepends=True)
    assert written[0].startswith(lines[0].rstrip())
    assert [line.rstrip(b",\r\n") for line in written[1:3]] == [line.rstrip(b",\r\n") for line in lines[1:3]]
    assert written[3].startswith(b"1,9,")
    assert [row["iteration"] for row in history.rows] == [3, 6, 9] and history.rows[0]["whole"] == 8


def test_a_fit_outside_the_main_thread_has_no_signals_and_no_error(tiny, points):
    errors = []

    def fit():
        try:
            tiny().fit(points(8), batch_size=4, epochs=1, verbose=0, callbacks=[callbacks.StopOnSignal()])
        except Exception as error:
            errors.append(error)

    handlers = [signal.getsignal(number) for number in callbacks.StopOnSignal.SIGNALS]
    thread = threading.Thread(target=fit)
    thread.start()
    thread.join()
    assert errors == []
    assert [signal.getsignal(number) for number in callbacks.StopOnSignal.SIGNALS] == handlers


def test_a_hang_up_that_is_ignored_stays_so_and_the_second_of_another_signal_acts_at_once():
    before = {number: signal.getsignal(number) for number in callbacks.StopOnSignal.SIGNALS}
    heard = []
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
        stop = callbacks.StopOnSignal()
        stop.on_train_begin()
        signal.raise_signal(signal.SIGHUP)
        assert stop.received is None
        signal.raise_signal(signal.SIGTERM)
        assert (stop.received, heard) == (signal.SIGTERM, [])
        signal.raise_signal(signal.SIGTERM)
        assert heard == [signal.SIGTERM]
        signal.signal(signal.SIGHUP, lambda number, _: heard.append(number))
        stop = callbacks.StopOnSignal()
        stop.on_train_begin()
        for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGTERM, signal.SIGHUP):
            signal.raise_signal(number)
        assert (stop.received, heard) == (signal.SIGHUP, [signal.SIGTERM])
        stop.restore()
        signal.raise_signal(signal.SIGHUP)
        assert heard == [signal.SIGTERM, signal.SIGHUP]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_sample_grids_of_all_epochs_share_their_latents(tmp_path):
    model = RECIPE.compile(RECIPE.build())
    grid = callbacks.SampleGrid(tmp_path, n=9, log_dir=tmp_path / "logs")
    grid.set_model(model)
    grid.on_epoch_end(0)
    grid.on_epoch_end(1)
    assert (tmp_path / "epoch_0001.png").read_bytes() == (tmp_path / "epoch_0002.png").read_bytes()
    assert list((tmp_path / "logs").glob("events.out.tfevents.*"))
    keras.utils.set_random_seed(9)
    grid.on_epoch_end(2)
    assert (tmp_path / "epoch_0003.png").read_bytes() == (tmp_path / "epoch_0001.png").read_bytes()


def test_a_run_that_diverges_ends_and_keeps_its_last_sound_checkpoint(tmp_path, monkeypatch):
    recipe = standard({"name": "wgan"}, {"name": "eight_gaussians"}, (2,), width=2, iterations=9, batch_size=64)

    class Poison(callbacks.StopAtIteration):
        def on_train_batch_begin(self, batch, logs=None):
            if int(self.model.generator_optimizer.iterations) == 5:
                self.model.critic.trainable_variables[0].assign(np.full((2, 16), np.nan))

    monkeypatch.setattr(callbacks, "StopAtIteration", Poison)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(RuntimeError, match="NaN or Inf loss"):
        training.start(recipe, tmp_path / "run", epoch_iterations=2)
    assert signal.getsignal(signal.SIGINT) is handler
    model = load_model(tmp_path / "run/gan.keras")
    assert int(model.generator_optimizer.iterations) == 4
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """A run whose recipe keeps the best of four evaluations."""
    evaluation = {"protocol": "w1_pixels_500", "every": 3}
    out = tmp_path_factory.mktemp("run") / "scored"
    training.start(dataclasses.replace(RECIPE, evaluation=evaluation), out)
    return out


def test_the_preset_is_the_state_that_scored_best(scored):
    scores = json.loads((scored / "scores.json").read_text())
    values = [entry["wasserstein_1"] for entry in scores["history"]]
    assert [entry["iteration"] for entry in scores["history"]] == [3, 6, 9, 12]
    assert scores["best"]["wasserstein_1"] == min(values)
    assert int(load_model(scored / "best.keras").generator_optimizer.iterations) == scores["best"]["iteration"]
    assert same(presets.from_preset(scored / "preset").get_weights(), load_model(scored / "best.keras").get_weights())


def test_a_scored_run_stopped_in_an_epoch_resumes_to_the_same_scores(scored, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", StopAtSeven)
        training.start(Recipe.load(scored / "config.json"), tmp_path / "cut")
    training.resume(tmp_path / "cut")
    assert (tmp_path / "cut/scores.json").read_text() == (scored / "scores.json").read_text()
    assert same(state(tmp_path / "cut/best.keras"), state(scored / "best.keras"))
    scores = [row["val_wasserstein_1"] for row in callbacks.read_history(tmp_path / "cut/history.csv")]
    whole = [row["val_wasserstein_1"] for row in callbacks.read_history(scored / "history.csv")]
    assert np.isnan(scores[2]) and [*scores[:2], *scores[3:]] == whole  # epochs end at 3, 6, 7, 9, 12


def test_a_run_stopped_before_its_first_evaluation_leaves_what_resumes(tmp_path, monkeypatch):
    evaluation = {"protocol": "w1_pixels_500", "every": 12}
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", StopAtSeven)
        _, received = training.start(dataclasses.replace(RECIPE, evaluation=evaluation), tmp_path / "cut")
    assert received == signal.SIGTERM
    assert not (tmp_path / "cut/best.keras").exists()
    assert same(
        presets.from_preset(tmp_path / "cut/preset").get_weights(), load_model(tmp_path / "cut/gan.keras").get_weights()
    )
    training.resume(tmp_path / "cut")
    assert same(state(tmp_path / "cut/best.keras"), state(tmp_path / "cut/gan.keras"))


def test_epochs_have_one_length(tmp_path):
    evaluation = {"protocol": "w1_pixels_500", "every": 3}
    with pytest.raises(ValueError, match="epoch_iterations is 5, but the recipe evaluates every 3 iterations"):
        training.start(dataclasses.replace(RECIPE, evaluation=evaluation), tmp_path / "run", epoch_iterations=5)
