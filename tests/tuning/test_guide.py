"""docs/tune.py does what it says."""

import pathlib

from wgan_keras import recipes
from wgan_keras.recipes import Recipe
from wgan_keras.tuning import results

GUIDE = pathlib.Path(__file__).parents[2] / "docs/tune.py"


def test_the_guide_runs_and_leaves_two_searches_and_a_winner_from_its_space(tmp_path, run_guide, monkeypatch, shallow):
    standard = recipes.standard

    def small(*given, **fields):
        return shallow(standard(*given, **{**fields, "iterations": 20}))

    monkeypatch.setattr(recipes, "standard", small)
    run_guide(GUIDE, tmp_path)
    assert len(list(tmp_path.glob("keras_tuner/*/trial_*"))) == 2
    rows = results.read(tmp_path / "search")
    assert [row["failure"] for row in rows] == ["", ""]
    winner = Recipe.load(tmp_path / "winner/config.json")
    assert winner.batch_size == 128
    assert winner.critic["depth"] in (2, 3)
    assert winner.generator_optimizer == winner.critic_optimizer
    assert 1e-4 <= winner.critic_optimizer["learning_rate"] <= 1e-2
