"""The scores of perfect and of collapsed samples, and the benchmark at toy size."""

import numpy as np
import pytest

from benchmarks.papers import eight_gaussians as benchmark
from wgan_keras.data import toys


def test_the_scores_of_true_samples():
    scores = benchmark.scores(toys.sample(benchmark.SET, benchmark.SAMPLES, seed=5))
    assert scores["modes"] == 8
    assert scores["high_quality"] == pytest.approx(1 - np.exp(-4.5), abs=0.01)
    assert scores["kl_to_uniform"] < 0.01
    assert scores["w1"] < 0.1
    assert scores["w1_of_radii"] < 0.005
    assert scores["w1_of_angles"] < 0.02


def test_the_scores_of_samples_at_one_mode():
    scores = benchmark.scores(np.tile(toys.modes(benchmark.SET)[0][:1], (benchmark.SAMPLES, 1)))
    assert scores["modes"] == 1
    assert scores["kl_to_uniform"] == pytest.approx(np.log(8))
    assert scores["w1"] > 1
    assert scores["w1_of_radii"] < 0.05  # the ring's radius is matched, its angles are not
    assert scores["w1_of_angles"] == pytest.approx(0.25, abs=0.01)


def table(**looks):
    """Equal seeds with these scores at each look; the others are those of good samples."""
    good = {"modes": 8, "high_quality": 0.9, "kl_to_uniform": 0.0, "w1": 0.1, "w1_of_radii": 0.0, "w1_of_angles": 0.03}
    (length,) = {len(values) for values in looks.values()}
    return [[good | {name: values[i] for name, values in looks.items()} for i in range(length)]] * 15


def test_the_circle_comes_first_where_samples_lie_all_around_it_and_not_at_the_modes():
    assert benchmark.circle_first(table(modes=[2, 5, 8])).all()
    assert not benchmark.circle_first(table(modes=[8, 5, 8])).any()  # bumps first
    assert not benchmark.circle_first(table(modes=[1, 1, 1], w1_of_angles=[0.25] * 3)).any()  # one mode on the circle
    assert not benchmark.circle_first(table(modes=[0, 0, 8], w1_of_radii=[1.4, 1.4, 0])).any()  # a dot in the middle


def test_the_verdicts_of_known_tables():
    papers = {
        "GAN": table(modes=[1, 1], w1=[2, 2], w1_of_angles=[0.2, 0.2]),
        "WGAN": table(modes=[0, 8]),
        "WGAN-GP": table(modes=[8, 8]),
    }
    assert [claim.verdict for claim in benchmark.claims(papers)] == ["held"] * 6
    exchanged = benchmark.claims({**papers, "GAN": papers["WGAN"], "WGAN": papers["GAN"]})
    verdicts = [claim.verdict == "held" for claim in exchanged]
    assert verdicts == [False, True, False, False, False, True]


@pytest.mark.long
def test_at_toy_size_every_seed_of_every_game_is_scored_at_every_look(eagerly, monkeypatch):
    monkeypatch.setattr(benchmark, "SAMPLES", 50)
    monkeypatch.setattr(benchmark, "EXECUTION", 1)
    settings = benchmark.Settings(seeds=2, units=8, batch_size=8, learning_rate=1e-3, clip_value=0.1, looks=(1, 2))
    records = list(benchmark.train([0, 1], settings))
    for game in benchmark.GAMES:
        first, second = (record[game]["scores"] for record in records)
        assert len(first) == len(second) == 2
        assert first[-1]["w1"] != second[-1]["w1"]
        assert np.shape(records[0][game]["shown"]) == (2, 50, 2) and not records[1][game]["shown"]
