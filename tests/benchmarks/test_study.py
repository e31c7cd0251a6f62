"""The study at toy size: two games searched, their winners trained again, one of which diverges."""

import json
import sys

import numpy as np
import pytest

from benchmarks import study
from wgan_keras import training
from wgan_keras.tuning import GANHyperModel


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(*arguments): the study on points in the plane; returns study.json and README.md."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def call(*arguments):
        small = ["--data", "eight_gaussians", "--protocol", "w1_pixels_64", "--width", "1", "--batch-size", "16"]
        small += ["--trials", "2", "--iterations", "4", "--work", tmp_path / "work", "--out", tmp_path / "out"]
        monkeypatch.setattr(sys, "argv", ["study", *map(str, small), *arguments])
        study.main()
        return json.loads((tmp_path / "out/study.json").read_text()), (tmp_path / "out/README.md").read_text()

    return call


def test_winners_that_diverge_are_reported_and_the_others_scored(run, monkeypatch):
    start = training.start

    def diverges(recipe, folder):
        if recipe.seed == 2:
            raise RuntimeError("critic_loss is nan")
        return start(recipe, folder)

    monkeypatch.setattr(training, "start", diverges)
    monkeypatch.setattr(study, "EVALUATIONS", 2)
    record, text = run("--games", "gan", "wgan", "--retrain-iterations", "4", "--retrain-seeds", "3")
    for game in ("gan", "wgan"):
        again = record["games"][game]["retrained"]
        assert [each["failure"] for each in again["seeds"]] == ["", "critic_loss is nan", ""]
        one, _, other = again["seeds"]
        assert one["wasserstein_1"] != other["wasserstein_1"]
        mean, std = (one["wasserstein_1"] + other["wasserstein_1"]) / 2, one["wasserstein_1"] - other["wasserstein_1"]
        assert again["spread"]["mean"] == pytest.approx(mean)
        assert again["spread"]["std"] == pytest.approx(abs(std) / np.sqrt(2))
        assert f"| [{game}]({game}/report.html) | 2 | 0 |" in text
        assert f"{mean:.3g} ± {abs(std) / np.sqrt(2):.2g} (2 of 3 seeds, 1 diverged, 4 iterations)" in text
    with pytest.raises(FileExistsError, match="retrained_1 has another recipe than this winner's"):
        run("--games", "gan", "--retrain-iterations", "6", "--retrain-seeds", "1")


def test_a_game_whose_trials_all_failed_is_reported_as_such(run, monkeypatch):
    failed = GANHyperModel.untrained
    monkeypatch.setattr(GANHyperModel, "train", lambda self, *_, **__: failed(self, "critic_loss is nan"))
    record, text = run("--games", "gan", "wgan", "--retrain-iterations", "40")
    for game in ("gan", "wgan"):
        assert (record["games"][game]["best"], record["games"][game]["failed"]) == (None, 2)
        assert f"| [{game}]({game}/report.html) | 2 | 2 | none |" in text


def test_a_preset_that_is_not_there_is_refused_before_the_searches(run):
    with pytest.raises(ValueError, match="did you mean 'wgan_gp_fashion_mnist'"):
        run("--presets", "wgan_gp_fashion_mnst")


def test_a_length_that_cannot_be_evaluated_is_refused_before_the_searches(run, capsys):
    with pytest.raises(SystemExit):
        run("--retrain-iterations", "30")
    assert "expected a multiple of 20" in capsys.readouterr().err
