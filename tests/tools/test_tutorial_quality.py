"""The tutorial way's quality, at toy size."""

import dataclasses

import numpy as np
import pytest

from tools.zoo import scores, tutorial_quality
from wgan_keras import feature_cache
from wgan_keras.recipes import standard


@pytest.fixture
def recipe(shallow):
    """recipe(iterations), scored every two."""
    fields = {"width": 2, "evaluation": {"protocol": "w1_pixels_100", "every": 2}}
    usual = shallow(standard({"name": "wgan_gp", "seed": 1}, {"name": "eight_gaussians"}, (2,), **fields))
    return lambda iterations: dataclasses.replace(usual, iterations=iterations)


def weights(model):
    optimizers = [model.generator_optimizer, model.critic_optimizer]
    return [*model.get_weights(), *(v.numpy() for optimizer in optimizers for v in optimizer.variables)]


@pytest.mark.long
def test_a_stopped_run_goes_on_from_its_last_evaluation(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: tmp_path / ".cache")
    monkeypatch.setattr(scores, "protocols", lambda recipe: ("w1_pixels_100",))  # a quick one
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
