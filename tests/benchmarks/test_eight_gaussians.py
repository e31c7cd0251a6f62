"""The scores of perfect and of collapsed samples, and the benchmark at toy size."""

import numpy as np
import pytest

from benchmarks import eight_gaussians as benchmark
from wgan_keras.data import toys


def test_the_scores_of_true_samples():
    scores = benchmark.scores(toys.sample(benchmark.SET, benchmark.SAMPLES, seed=5))
    assert scores["modes"] == 8
    assert scores["high_quality"] == pytest.approx(1 - np.exp(-4.5), abs=0.01)
    assert scores["kl_to_uniform"] < 0.01
    assert scores["w1"] < 0.1
    assert scores["w1_of_radii"] < 0.005


def test_the_scores_of_samples_at_one_mode():
    scores = benchmark.scores(np.tile(toys.modes(benchmark.SET)[0][:1], (benchmark.SAMPLES, 1)))
    assert scores["modes"] == 1
    assert scores["kl_to_uniform"] == pytest.approx(np.log(8))
    assert scores["w1"] > 1
    assert scores["w1_of_radii"] < 0.05  # the ring is matched, its modes are not


def test_at_toy_size_every_seed_of_every_game_is_scored_at_every_look(without_xla, monkeypatch):
    monkeypatch.setattr(benchmark, "SAMPLES", 50)
    monkeypatch.setattr(benchmark, "EXECUTION", 1)
    result = benchmark.run(benchmark.Settings(seeds=2, units=8, batch_size=8, learning_rate=1e-3, looks=(1, 2)))
    assert result.seeds == [0, 1]
    for game in benchmark.GAMES:
        assert len(result.numbers["over_seeds"][game]["w1"]["mean"]) == 2
        first, second = result.numbers["last_look_of_each_seed"][game]
        assert first["w1"] != second["w1"]
