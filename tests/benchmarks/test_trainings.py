"""Trainings of the benchmarks: stopped ones are gone on with, and are not taken for whole."""

import dataclasses
import signal

import pytest

from benchmarks import trainings
from wgan_keras import callbacks, training
from wgan_keras.recipes import standard

pytestmark = pytest.mark.usefixtures("all_eagerly")


@pytest.fixture
def recipe(shallow, monkeypatch):
    sizes = {"width": 2, "batch_size": 16, "iterations": 2}
    monkeypatch.setattr(training, "_HELD_OUT", 8)
    return shallow(standard({"name": "gan", "seed": 0}, {"name": "eight_gaussians"}, (2,), **sizes))


class StopAtOne(callbacks.StopOnSignal):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.generator_optimizer.iterations) == 1:
            signal.raise_signal(signal.SIGTERM)
        super().on_train_batch_end(batch, logs)


def test_a_training_that_was_stopped_is_not_over_and_goes_on(recipe, tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", StopAtOne)
        with pytest.raises(SystemExit) as stopped:
            trainings.finish(recipe, tmp_path / "run")
    assert stopped.value.code == 128 + signal.SIGTERM
    assert (tmp_path / "run/preset/config.json").exists() and not trainings.is_over(tmp_path / "run")
    trainings.finish(recipe, tmp_path / "run")
    assert trainings.is_over(tmp_path / "run")
    before = (tmp_path / "run/gan.keras").read_bytes()
    trainings.finish(recipe, tmp_path / "run")
    assert (tmp_path / "run/gan.keras").read_bytes() == before
    assert capsys.readouterr().out == ""
    assert not trainings.is_over(tmp_path / "another")


def test_a_run_of_another_recipe_is_refused(recipe, tmp_path):
    trainings.finish(recipe, tmp_path)
    with pytest.raises(FileExistsError, match="has a run of another recipe"):
        trainings.finish(dataclasses.replace(recipe, iterations=3), tmp_path)
