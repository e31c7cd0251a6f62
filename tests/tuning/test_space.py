"""What a search may vary, and what it refuses."""

import dataclasses
import json

import keras
import keras_tuner
import pytest

import wgan_keras as wk
from wgan_keras.games import GAMES
from wgan_keras.recipes import standard
from wgan_keras.tuning import default_space, load_space
from wgan_keras.tuning.space import Space

TOY = standard({"name": "wgan_gp", "seed": 3}, {"name": "eight_gaussians"}, (2,), width=2)


def fashion(game):
    return standard({"name": game}, {"name": "fashion_mnist"}, (28, 28, 1), width=2)


def drawn(space, seed):
    """The recipe of one random draw, as keras-tuner's oracles make it."""
    asked = keras_tuner.HyperParameters()
    space.recipe(asked)
    for i, hp in enumerate(asked.space):
        asked.values[hp.name] = hp.random_sample(seed + i)
    return space.recipe(asked), asked.values


@pytest.mark.parametrize(
    ("game", "names"),
    [
        ("gan", ["learning_rate", "beta_1", "n_critic", "critic_normalization"]),
        ("wgan", ["learning_rate", "beta_1", "n_critic", "critic_normalization", "clip_value"]),
        ("wgan_gp", ["learning_rate", "beta_1", "n_critic", "gradient_penalty_weight"]),
    ],
)
def test_the_default_space_is_the_papers_for_each_game(game, names):
    space = Space(fashion(game), default_space(fashion(game)))
    assert [d.name for d in space.dimensions] == names
    seen = [drawn(space, seed)[0] for seed in range(0, 400, 10)]
    rates = [recipe.critic_optimizer["learning_rate"] for recipe in seen]
    assert 1e-5 <= min(rates) < 1e-4
    assert 1e-3 < max(rates) <= 1e-2
    assert all(recipe.generator_optimizer == recipe.critic_optimizer for recipe in seen)
    assert {recipe.game["n_critic"] for recipe in seen} == {1, 5}
    assert all(0 <= recipe.critic_optimizer["beta_1"] < 1 for recipe in seen)
    assert {recipe.critic["normalization"] for recipe in seen} == ({None} if game == "wgan_gp" else {None, "batch"})
    seen[0].compile(seen[0].build())


def test_a_draw_and_its_record_give_the_same_recipe():
    space = Space(fashion("wgan"), default_space(fashion("wgan")))
    for seed in range(0, 100, 10):
        recipe, values = drawn(space, seed)
        assert space.recipe_from(json.loads(json.dumps(values))) == recipe


def test_values_of_several_types_are_words_to_keras_tuner():
    space = Space(fashion("gan"), {"critic.normalization": {"kind": "choice", "values": [None, "layer"]}})
    assert space.dimensions[0].labels == ["null", "layer"]
    assert [space.dimensions[0].value_of(label) for label in ("null", "layer")] == [None, "layer"]


def test_only_what_the_space_names_differs_from_the_recipe():
    space = Space(TOY, {"batch_size": {"kind": "integer", "low": 8, "high": 9}})
    recipe, values = drawn(space, 0)
    assert recipe.batch_size == values["batch_size"]
    assert {**vars(recipe), "batch_size": 0} == {**vars(TOY), "batch_size": 0}


def test_a_path_leads_into_the_parts_of_a_game():
    game = {"name": "gan", "penalties": [{"name": "r1"}, {"name": "r2", "weight": 1.0}]}
    parts = standard(game, {"name": "swiss_roll"}, (2,), width=2)
    weight = {"kind": "log_uniform", "low": 0.1, "high": 10.0, "fields": [f"game.penalties.{i}.weight" for i in (0, 1)]}
    recipe, values = drawn(Space(parts, {"weight": weight}), 0)
    expected = [{"name": name, "weight": values["weight"]} for name in ("r1", "r2")]
    assert recipe.game == {"name": "gan", "penalties": expected}
    with pytest.raises(ValueError, match=r"'game.penalties.2.weight', which no recipe has \(did you mean 'game.penal"):
        Space(parts, {"game.penalties.2.weight": weight | {"fields": ["game.penalties.2.weight"]}})
    with pytest.raises(ValueError, match="penalty 'r1' takes no 'wieght'"):
        Space(parts, {"game.penalties.0.wieght": {"kind": "uniform", "low": 1.0, "high": 2.0}})


def test_an_optimizer_left_to_the_paper_is_spelled_out():
    plain = standard({"name": "gan"}, {"name": "swiss_roll"}, (2,), width=2)
    space = Space(plain, {"critic_optimizer.beta_1": {"kind": "uniform", "low": 0.1, "high": 0.2}})
    recipe, values = drawn(space, 0)
    beta_1 = values["critic_optimizer.beta_1"]
    papers = {"name": "adam", "learning_rate": 2e-4}
    assert recipe.critic_optimizer == {**papers, "beta_1": beta_1}
    assert recipe.generator_optimizer is None


def test_of_a_games_own_optimizers_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(GAMES, "_registered", dict(GAMES))

    @wk.register_game("momentum")
    class Momentum(wk.GAN):
        @classmethod
        def default_optimizers(cls, learning_rate=None):
            schedule = keras.optimizers.schedules.CosineDecay(0.1, 7)
            return keras.optimizers.SGD(schedule, momentum=0.5, clipnorm=2.0), keras.optimizers.SGD(0.1)

    plain = standard({"name": "momentum"}, {"name": "swiss_roll"}, (2,), width=2)
    plain = dataclasses.replace(plain, generator_optimizer=None)
    space = Space(plain, {"generator_optimizer.clipnorm": {"kind": "uniform", "low": 1.0, "high": 1.5}})
    recipe, values = drawn(space, 0)
    rate = {"name": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 7}
    told = {"name": "sgd", "learning_rate": rate, "momentum": 0.5, "clipnorm": values["generator_optimizer.clipnorm"]}
    assert recipe.generator_optimizer == told


@pytest.mark.parametrize(
    ("space", "message"),
    [
        (
            {"learning_rate": {"kind": "uniform", "low": 0, "high": 1}},
            "mean 'generator_optimizer.learning_rate'",
        ),
        ({"game.clip_valu": {"kind": "uniform", "low": 0, "high": 1}}, "game 'wgan_gp' takes no 'clip_valu'"),
        (
            {"game.penalties": {"kind": "fixed", "value": [wk.penalties.R1(10.0)]}},
            r"has the value \[R1\(weight=10.0\)\], which is not JSON; expected words for it",
        ),
        ({"game.n_critics": {"kind": "integer", "low": 1, "high": 5}}, "did you mean 'n_critic'"),
        ({"batchsize": {"kind": "integer", "low": 1, "high": 5}}, "'batchsize', which no recipe has.*'batch_size'"),
        ({"game.n_critic": {"kind": "log", "low": 1, "high": 5}}, "expected a 'kind' out of uniform, log_uniform"),
        (
            {"n": {"kind": "integer", "low": 1, "high": 5, "fields": []}},
            "fields \\[\\]; expected a list of one or more",
        ),
        ({"game.n_critic": {"kind": "choice", "values": None}}, "values None; expected a list of two"),
        ({"game.n_critic": {"kind": [], "values": [1, 5]}}, "expected a 'kind'"),
        ({"game.n_critic": {"kind": "choice", "values": [1, 1]}}, "the value 1 twice"),
        (
            {"game.loss": {"kind": "choice", "values": ["null", None]}},
            "values 'null' and None, .* keeps both as 'null'",
        ),
        (
            {"game.loss": {"kind": "choice", "values": ["a", 1, "1"]}},
            "values 1 and '1', and a search keeps both as '1'",
        ),
        ({"game.n_critic": {"kind": "integer", "low": 1, "high": 2.5}}, "expected whole numbers"),
        ({"game.gradient_penalty_weight": {"kind": "uniform", "low": 0, "high": 1e308}}, "at most 1e\\+30"),
        ({"n": {"kind": "integer", "low": 1, "high": 5, "fields": "game"}}, "fields 'game'; expected a list of one"),
        ({"game.n_critic": [1, 5]}, "expected a 'kind'"),
        ({"game.n_critic": {"kind": "choice", "low": 1, "high": 5}}, "a 'choice' has values"),
        ({"game.n_critic": {"kind": "choice", "values": [1]}}, "two or more"),
        ({"game.n_critic": {"kind": "integer", "low": 5, "high": 1}}, "goes from 5 to 1"),
        ({"batch_size": {"kind": "log_uniform", "low": 0, "high": 1}}, "low < high above 0"),
        ({"batch_size": {"kind": "fixed", "value": 8}}, "varies nothing"),
        ({"batch_size": {"kind": "choice", "values": [8, 0]}}, "batch_size is 0"),
        (
            {
                "game.n_critic": {"kind": "integer", "low": 1, "high": 5},
                "batch_size": {"kind": "choice", "values": [8, 16, 0]},
            },
            "batch_size is 0",
        ),
        ({"batch_size": {"kind": "integer", "low": "1", "high": 5}}, "goes from '1' to 5; expected numbers"),
        (
            {"data.name": {"kind": "choice", "values": ["swiss_roll", "eight_gaussians"]}},
            "names 'data.name'.* the same",
        ),
        ({"iterations": {"kind": "integer", "low": 1, "high": 5}}, "names 'iterations'.* the same for all trials"),
    ],
)
def test_what_no_recipe_has_is_refused_before_training(space, message):
    with pytest.raises(ValueError, match=message):
        Space(TOY, space)


def test_a_space_is_read_from_a_file(tmp_path):
    (tmp_path / "space.json").write_text(json.dumps(default_space(TOY)))
    assert load_space(tmp_path / "space.json") == default_space(TOY)
    (tmp_path / "space.json").write_text("{")
    with pytest.raises(ValueError, match=r"space\.json is damaged: it is not JSON"):
        load_space(tmp_path / "space.json")
    (tmp_path / "space.json").write_text("[]")
    with pytest.raises(ValueError, match=r"space\.json is damaged: it holds a list"):
        load_space(tmp_path / "space.json")
    with pytest.raises(FileNotFoundError, match="no space"):
        load_space(tmp_path / "other.json")
