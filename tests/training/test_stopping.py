"""Stopping a run and resuming it changes nothing."""

import dataclasses
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from wgan_keras import callbacks, load_model, training
from wgan_keras.cli import app
from wgan_keras.files.folders import InUseError
from wgan_keras.recipes import standard


@pytest.mark.long  # without the command, which is told of below
def test_a_run_stopped_in_an_epoch_resumes_to_the_same_bits(
    uninterrupted, tmp_path, monkeypatch, recipe, state, same, stopping
):
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", stopping(signal.SIGTERM, 7))
        model, received = training.start(recipe, tmp_path / "cut", epoch_iterations=5)
    assert received == signal.SIGTERM
    assert int(model.generator_optimizer.iterations) == 7
    _, received = training.resume(tmp_path / "cut")
    assert received is None
    assert same(state(tmp_path / "cut/gan.keras"), state(uninterrupted / "gan.keras"))
    rows = callbacks.read_history(tmp_path / "cut/history.csv")
    assert [row["iteration"] for row in rows] == [5, 7, 10, 12]


@pytest.mark.usefixtures("quickly")
def test_sigterm_and_ctrl_c_to_the_command_leave_what_resumes(tmp_path, monkeypatch, brief, state, same, stopping):
    brief.save(tmp_path / "recipe.json")
    arguments = [str(tmp_path / "recipe.json"), "--epoch-iterations", "3", "--devices", "1"]
    for number, iteration in ((signal.SIGTERM, 2), (signal.SIGINT, 4)):
        with monkeypatch.context() as patch:
            patch.setattr(callbacks, "StopOnSignal", stopping(number, iteration))
            result = CliRunner().invoke(app, ["train", "--out", str(tmp_path / "my run"), *arguments])
        assert result.exit_code == 128 + number, result.output
        assert int(load_model(tmp_path / "my run/gan.keras").generator_optimizer.iterations) == iteration
        devices = " --devices 1" if "--devices" in arguments else ""
        again = f"wgan-keras train --resume --out '{tmp_path / 'my run'}'{devices}\n"
        assert f"Stopped after iteration {iteration}. Go on with: {again}" in result.output
        arguments = ["--resume"]
    training.resume(tmp_path / "my run")
    training.start(brief, tmp_path / "whole", epoch_iterations=3)
    assert same(state(tmp_path / "my run/gan.keras"), state(tmp_path / "whole/gan.keras"))
    rows = callbacks.read_history(tmp_path / "my run/history.csv")
    assert [row["iteration"] for row in rows] == [2, 3, 4, 5]


def test_a_run_whose_output_is_gone_stops_on_a_hang_up_and_resumes(uninterrupted, tmp_path, recipe, state, same):
    """As when its terminal closes; meanwhile nothing else trains there, and what a kill leaves half written goes."""
    recipe.save(tmp_path / "recipe.json")
    out = tmp_path / "run"
    command = [sys.executable, "-m", "wgan_keras.cli", "train", tmp_path / "recipe.json", "--epoch-iterations", "1"]
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # of the children too, under nohup
    with open("/dev/full", "w") as full:
        process = subprocess.Popen([*command, "--out", out], stdout=subprocess.PIPE, stderr=full)
    signal.signal(signal.SIGHUP, before)
    process.stdout.close()
    while process.poll() is None and not (out / "samples/epoch_0002.png").exists():
        time.sleep(0.01)
    for go_on in (lambda: training.start(recipe, out), lambda: training.resume(out)):
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


@pytest.mark.usefixtures("eagerly")
def test_a_longer_run_is_of_the_same_recipe(uninterrupted, tmp_path, recipe):
    """What a model does not tell may change; and a recipe that says the defaults is the one that leaves them out."""
    run = shutil.copytree(uninterrupted, tmp_path / "run")
    dataclasses.replace(recipe, game={**recipe.game, "n_critic": 5}, iterations=13).save(run / "config.json")
    model, _ = training.resume(run)
    assert int(model.generator_optimizer.iterations) == 13


def test_a_fit_outside_the_main_thread_has_no_signals_and_no_error(tiny, points):
    errors = []

    def fit():
        try:
            model = tiny(compile={"run_eagerly": True})
            model.fit(points(8), batch_size=4, epochs=1, verbose=0, callbacks=[callbacks.StopOnSignal()])
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


def test_of_two_that_end_in_the_order_they_began_none_keeps_the_signals():
    before = {number: signal.getsignal(number) for number in callbacks.StopOnSignal.SIGNALS}
    heard = []
    try:
        signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
        both = callbacks.StopOnSignal(), callbacks.StopOnSignal()
        for _ in range(2):  # the second time over what the first has left
            for each in both:
                each.on_train_begin()
            for each in both:
                each.on_train_end()
            signal.raise_signal(signal.SIGINT)
        assert heard == [signal.SIGINT] * 2
        assert [each.received for each in both] == [None, None]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_fit_begins_without_what_the_last_one_got_or_left():
    """As when an exception ended it; handlers of others that were set since stay."""
    before = {number: signal.getsignal(number) for number in callbacks.StopOnSignal.SIGNALS}
    others = []
    try:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which `nohup` ignores
        stop = callbacks.StopOnSignal()
        stop.on_train_begin()
        signal.raise_signal(signal.SIGHUP)
        assert stop.received == signal.SIGHUP
        signal.signal(signal.SIGTERM, lambda number, _: others.append(number))
        thread = threading.Thread(target=stop.restore)  # which has no signals
        thread.start()
        thread.join()
        stop.on_train_begin()
        assert stop.received is None
        stop.on_train_end()
        left = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)]
        assert left == [before[signal.SIGINT], signal.SIG_DFL]
        signal.raise_signal(signal.SIGTERM)
        assert others == [signal.SIGTERM]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.usefixtures("quickly")
def test_a_run_that_diverges_ends_and_keeps_its_last_sound_checkpoint(tmp_path, monkeypatch, shallow):
    game, given = {"name": "wgan", "n_critic": 1}, {"width": 2, "iterations": 6, "batch_size": 16}
    recipe = standard(game, {"name": "eight_gaussians"}, (2,), **given)

    class Poison(callbacks.StopAtIteration):
        def on_train_batch_begin(self, batch, logs=None):
            if int(self.model.generator_optimizer.iterations) == 3:
                self.model.critic.trainable_variables[0].assign(np.full((2, 16), np.nan))

    monkeypatch.setattr(callbacks, "StopAtIteration", Poison)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(RuntimeError, match="NaN or Inf loss"):
        training.start(shallow(recipe), tmp_path / "run", epoch_iterations=2)
    assert signal.getsignal(signal.SIGINT) is handler
    model = load_model(tmp_path / "run/gan.keras")
    assert int(model.generator_optimizer.iterations) == 2
    assert all(np.isfinite(w).all() for w in model.get_weights())
