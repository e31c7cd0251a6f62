"""Runs whose recipe evaluates: the best state is kept, and resuming changes no score."""

import dataclasses
import json
import signal

import numpy as np
import pytest

from wgan_keras import callbacks, load_model, presets, training
from wgan_keras.recipes import Recipe

pytestmark = pytest.mark.usefixtures("all_quickly")


def shipped(model):
    """The weights that a preset holds."""
    return [*model.sampler.get_weights(), *model.critic.get_weights()]


@pytest.fixture(scope="module")
def evaluating(brief):
    """evaluating(iterations, every): a recipe that evaluates; its critic is trained once an iteration."""

    def made(iterations, every):
        evaluation = {"protocol": "w1_pixels_100", "every": every}
        game = {**brief.game, "n_critic": 1}
        return dataclasses.replace(brief, game=game, iterations=iterations, evaluation=evaluation)

    return made


@pytest.fixture(scope="module")
def scored(tmp_path_factory, evaluating):
    """A run whose recipe keeps the best of three evaluations."""
    out = tmp_path_factory.mktemp("run") / "scored"
    training.start(evaluating(iterations=6, every=2), out)
    return out


def test_the_preset_is_the_state_that_scored_best(scored, same):
    scores = json.loads((scored / "scores.json").read_text())
    values = [entry["wasserstein_1"] for entry in scores["history"]]
    assert [entry["iteration"] for entry in scores["history"]] == [2, 4, 6]
    assert scores["best"]["wasserstein_1"] == min(values)
    assert int(load_model(scored / "best.keras").generator_optimizer.iterations) == scores["best"]["iteration"]
    assert same(shipped(presets.from_preset(scored / "preset")), shipped(load_model(scored / "best.keras")))


def test_a_scored_run_stopped_in_an_epoch_resumes_to_the_same_scores(
    scored, tmp_path, monkeypatch, state, same, stopping
):
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", stopping(signal.SIGTERM, 3))
        training.start(Recipe.load(scored / "config.json"), tmp_path / "cut")
    training.resume(tmp_path / "cut")
    assert (tmp_path / "cut/scores.json").read_text() == (scored / "scores.json").read_text()
    assert same(state(tmp_path / "cut/best.keras"), state(scored / "best.keras"))
    scores = [row["val_wasserstein_1"] for row in callbacks.read_history(tmp_path / "cut/history.csv")]
    whole = [row["val_wasserstein_1"] for row in callbacks.read_history(scored / "history.csv")]
    assert np.isnan(scores[1]) and [scores[0], *scores[2:]] == whole  # epochs end at 2, 3, 4, 6


def test_a_run_stopped_before_its_first_evaluation_leaves_what_resumes(
    tmp_path, monkeypatch, evaluating, state, same, stopping
):
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", stopping(signal.SIGTERM, 2))
        _, received = training.start(evaluating(iterations=3, every=3), tmp_path / "cut")
    assert received == signal.SIGTERM
    assert not (tmp_path / "cut/best.keras").exists()
    preset, run = presets.from_preset(tmp_path / "cut/preset"), load_model(tmp_path / "cut/gan.keras")
    assert same(shipped(preset), shipped(run))
    training.resume(tmp_path / "cut")
    assert same(state(tmp_path / "cut/best.keras"), state(tmp_path / "cut/gan.keras"))
