"""The tutorial way's quality, and the bars that the zoo is held to, at toy size."""

import numpy as np
import pytest

from benchmarks import tutorial_quality, zoo_bars
from benchmarks.zoo import scores
from wgan_keras import scoring
from wgan_keras.recipes import standard


def recipe(iterations):
    return standard(
        {"name": "wgan_gp", "seed": 1},
        {"name": "eight_gaussians"},
        (2,),
        width=2,
        iterations=iterations,
        evaluation={"protocol": "w1_pixels_500", "every": 2},
    )


def weights(model):
    optimizers = [model.generator_optimizer, model.critic_optimizer]
    return [*model.get_weights(), *(v.numpy() for optimizer in optimizers for v in optimizer.variables)]


def test_a_stopped_run_goes_on_from_its_last_evaluation(tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "_cache_folder", lambda location: tmp_path / ".cache")
    monkeypatch.setattr(scores, "protocols", lambda recipe: ("w1_pixels_500",))  # a quick one
    stopped, _ = tutorial_quality.train(recipe(2), tmp_path)
    again = tutorial_quality.build(recipe(2))
    keep = tutorial_quality.Keep(tmp_path, None)
    keep.set_model(again)
    keep.restore()
    assert all(np.array_equal(a, b) for a, b in zip(weights(stopped), weights(again), strict=True))
    model, evaluate = tutorial_quality.train(recipe(4), tmp_path)
    assert int(model.generator_optimizer.iterations) == 4
    assert int(model.critic_optimizer.iterations) == 20
    assert [entry["iteration"] for entry in evaluate.history] == [2, 4]
    scored = tutorial_quality.score(model, evaluate, recipe(4), tmp_path)
    assert scored["best"]["iteration"] == evaluate.best["iteration"]
    assert scored["final"]["iteration"] == 4


def mean(value):
    return {"mean": value, "std": 0.01}


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({}, None),
        ({"fid": 0.76}, "at most 0.75 of the tutorial way"),
        ({"early": 2.1}, "at most 0.35 of 1,000 iterations"),
        ({"shares": [0.049, *[0.1057] * 9]}, "every class from 5% to 16%"),
        ({"shares": [0.17, *[0.0922] * 9]}, "every class from 5% to 16%"),
        ({"recall": 0.5}, "recall above 0.5"),
    ],
)
def test_each_bar_is_missed_by_what_misses_it(change, missed):
    case = {"fid": 0.75, "early": 2.5, "shares": [0.1] * 10, "recall": 0.51, **change}
    protocols = {zoo_bars.PROTOCOL: {"fid": mean(case["fid"]), "recall": mean(case["recall"])}}
    metadata = {
        "scores": {
            "best": {"iteration": 9_000, "protocols": protocols},
            "real_against_real": {zoo_bars.PROTOCOL: {"fid": 0.03}},
            "class_shares": case["shares"],
        }
    }
    history = [{"iteration": 1_000, "val_fid": case["early"]}, {"iteration": 2_000, "val_fid": 0.1}]
    tutorial = {"best": {"protocols": {zoo_bars.PROTOCOL: {"fid": mean(1.0)}}}}
    row = zoo_bars.images_row("wgan_gp_fashion_mnist", metadata, history, tutorial)
    assert [bar for bar, passed in row["passes"].items() if not passed] == ([missed] if missed else [])
    assert ("MISSES" in zoo_bars.line(row)) == (missed is not None)


@pytest.mark.parametrize(
    ("covered", "near", "missed"),
    [(8, 0.9, []), (7.67, 0.95, ["all modes"]), (8, 0.89, ["at least 90% high-quality"])],
)
def test_the_bars_of_mixtures(covered, near, missed):
    scores = {"modes_covered": mean(covered), "modes": mean(8), "high_quality": mean(near)}
    metadata = {"scores": {"best": {"iteration": 9_000, "protocols": {"modes_eight_gaussians_10k": scores}}}}
    row = zoo_bars.toys_row("wgan_gp_eight_gaussians", metadata)
    assert [bar for bar, passed in row["passes"].items() if not passed] == missed
