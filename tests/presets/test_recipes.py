import dataclasses
import json

import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import training
from wgan_keras.networks import NETWORKS
from wgan_keras.recipes import Recipe, standard

TOY = standard({"name": "wgan_gp", "seed": 3}, {"name": "eight_gaussians"}, (2,), width=2, iterations=5)


def test_a_recipe_survives_its_file(tmp_path):
    TOY.save(tmp_path / "recipe.json")
    assert Recipe.load(tmp_path / "recipe.json") == TOY


def test_parts_that_come_as_objects_are_kept_in_words(tmp_path):
    parts = {"penalties": [wk.penalties.R1(10.0)], "views": [wk.views.InstanceNoise(0.1), {"name": "pack", "k": 2}]}
    game = {"name": "gan", **parts, "objective": wk.objectives.FeatureMatching()}
    recipe = standard(game, {"name": "eight_gaussians"}, (2,), width=1)
    assert recipe.game["penalties"] == [{"name": "r1", "weight": 10.0}]
    assert [view["name"] for view in recipe.game["views"]] == ["instance_noise", "pack"]
    assert recipe.game["objective"]["name"] == "feature_matching" and game["penalties"] == [wk.penalties.R1(10.0)]
    recipe.save(tmp_path / "recipe.json")
    assert Recipe.load(tmp_path / "recipe.json") == recipe


def test_building_twice_gives_the_same_weights():
    one, two = TOY.build().get_weights(), TOY.build().get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert any(a.std() > 0 for a in one)


def test_without_a_seed_the_draws_are_those_of_seed_0():
    recipe = dataclasses.replace(TOY, game={**TOY.game, "seed": None})
    assert recipe.build().seed == recipe.build_for_weights().seed == 0


@pytest.mark.parametrize("shape", [(28, 28, 1), (2,)])
def test_a_wrong_number_is_not_taken_for_the_usual_one(shape):
    recipe = standard({"name": "wgan_gp"}, {"name": "x"}, shape, latent_dim=1, learning_rate=1e-9)
    assert recipe.generator["latent_dim"] == 1
    assert recipe.critic_optimizer["learning_rate"] == 1e-9
    with pytest.raises(ValueError, match="'latent_dim' is 0; expected a whole number, at least 1"):
        standard({"name": "wgan_gp"}, {"name": "x"}, shape, latent_dim=0)
    with pytest.raises(ValueError, match=r"'learning_rate' is 0.0; expected a number, above 0"):
        standard({"name": "wgan_gp"}, {"name": "x"}, shape, learning_rate=0.0)


def test_points_train_by_the_settings_of_the_improved_wgan_code():
    model = TOY.compile(TOY.build())
    assert model.gradient_penalty_weight == 0.1
    assert TOY.batch_size == 256
    assert model.critic_optimizer.beta_1 == 0.5
    assert model.critic_optimizer is not model.generator_optimizer


def test_a_schedule_counts_the_updates_of_its_own_optimizer():
    decay = {"name": "polynomial_decay", "initial_learning_rate": 0.1, "decay_steps": 4, "end_learning_rate": 0.0}
    optimizers = {f"{role}_optimizer": {"name": "sgd", "learning_rate": decay} for role in ("generator", "critic")}
    recipe = dataclasses.replace(TOY, game={**TOY.game, "n_critic": 2}, **optimizers)
    model = recipe.compile(recipe.build())
    model.run_eagerly = True
    model.train_on_batch(np.zeros((8, 2), "float32"))
    assert float(model.generator_optimizer.learning_rate) == pytest.approx(0.1 * (1 - 1 / 4))
    assert float(model.critic_optimizer.learning_rate) == pytest.approx(0.1 * (1 - 2 / 4))


@pytest.mark.parametrize(("game", "expected"), [("wgan_gp", None), ("wgan", "batch"), ("gan", "batch")])
def test_only_the_penalty_goes_without_batch_normalization(game, expected):
    recipe = standard({"name": game}, {"name": "fashion_mnist"}, (28, 28, 1), width=2)
    assert recipe.critic["normalization"] == expected
    recipe.build()


@pytest.mark.parametrize(
    ("game", "shape", "critic"),
    [
        ("lsgan", (2,), "mlp_critic"),
        ("mmd_gan", (2,), "mlp_features"),
        ("mmd_gan", (8, 8, 1), "dcgan_features"),
        ("ebgan", (2,), "autoencoder_critic"),
        ("ebgan", (8, 8, 1), "autoencoder_critic"),
    ],
)
def test_the_usual_critic_is_the_games(game, shape, critic):
    assert standard({"name": game}, {"name": "x"}, shape, width=1).critic["name"] == critic


def test_labels_for_a_critic_that_takes_none_are_refused_by_the_option():
    refused = r"of 'ebgan' is 'autoencoder_critic', which takes no classes; leave out --labels .*, or take another game"
    with pytest.raises(ValueError, match=refused):
        standard({"name": "ebgan"}, {"name": "x"}, (8, 8, 1), width=1, class_names=["a", "b"])


def test_a_family_without_the_games_critic_is_refused_with_those_that_have_it(monkeypatch):
    networks = {f"own_{role}": NETWORKS[f"mlp_{role}"] for role in ("generator", "critic")}
    monkeypatch.setattr(NETWORKS, "_registered", dict(NETWORKS) | networks)
    standard({"name": "gan"}, {"name": "x"}, (2,), "own", width=1)
    refused = "network is 'own', and no network 'own_features' is registered; expected 'dcgan' or 'mlp', a pair of your"
    with pytest.raises(ValueError, match=refused):
        standard({"name": "mmd_gan"}, {"name": "x"}, (2,), "own", width=1)


def test_the_half_that_a_pair_lacks_is_named(monkeypatch):
    monkeypatch.setattr(NETWORKS, "_registered", dict(NETWORKS) | {"own_critic": NETWORKS["mlp_critic"]})
    refused = "network is 'own', and no network 'own_generator' is registered; .* a recipe file, which may name any two"
    with pytest.raises(ValueError, match=refused):
        standard({"name": "gan"}, {"name": "x"}, (2,), "own", width=1)


def test_a_classifier_that_is_built_for_its_usual_classes_takes_labels():
    recipe = standard({"name": "gan"}, {"name": "x"}, (8, 8, 1), width=1)
    assert not recipe.takes_labels
    critic = {"name": "dcgan_classifier", "image_shape": [8, 8, 1]}
    recipe = dataclasses.replace(recipe, game={"name": "semi_supervised_gan"}, critic=critic)
    assert recipe.takes_labels and not recipe.is_conditional


def test_a_recipe_of_numpys_numbers_is_saved(tmp_path):
    recipe = standard({"name": "gan"}, {"name": "x"}, (2,), width=np.int64(1))
    recipe = dataclasses.replace(recipe, critic_optimizer={"name": "adam", "learning_rate": np.float32(0.5)})
    recipe.save(tmp_path / "recipe.json")
    assert Recipe.load(tmp_path / "recipe.json").critic_optimizer["learning_rate"] == 0.5


def test_a_family_without_a_usual_recipe_is_told_what_it_lacks(monkeypatch):
    monkeypatch.setattr(NETWORKS, "_registered", dict(NETWORKS))
    for role in ("generator", "critic"):
        wk.register_network(f"own_{role}")(lambda shape: None)
    with pytest.raises(ValueError, match="'own_generator' is registered without usual=, the arguments of the usual"):
        standard({"name": "gan"}, {"name": "x"}, (2,), "own", width=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batchsize": 64}, "no 'batchsize'.*did you mean 'batch_size'"),
        ({"batch_size": 0}, "batch_size is 0; expected a whole number"),
        ({"batch_size": 10**20}, "batch_size is 1000.*at most 1,000,000"),
        ({"generator_optimizer": {"name": "adam", "learning_rate": -1e-3}}, "'learning_rate' is -0.001; .* above 0"),
        ({"generator_optimizer": {"name": "adam", "beta_1": -1}}, "'beta_1' is -1; .* at least 0 and below 1"),
        ({"critic_optimizer": {"name": "adam", "clipnorm": -1}}, "'clipnorm' is -1; .* above 0"),
        ({"critic_optimizer": {"name": "sgd", "momentum": 1.5}}, "'momentum' is 1.5; .* at most 1"),
        ({"data": {"name": "x", "image_size": 0}}, "'image_size' is 0; expected a whole number"),
        (
            {"data": {"name": "x", "image_size": [64]}},
            r"'image_size' is \[64\]; .* or a list of 2, each a whole number",
        ),
        ({"data": {"name": "x", "resize": "fit"}}, "'resize' is 'fit'; expected 'crop' or 'pad' or 'stretch'"),
        ({"data": {"name": "x", "channels": 2}}, "'channels' is 2; expected 1 or 3 or null"),
        ({"batch_size": "64"}, "batch_size is '64'"),
        ({"iterations": True}, "iterations is True"),
        ({"game": {"name": "wgangp"}}, "game names 'wgangp'.*did you mean 'wgan_gp'"),
        ({"game": {"name": "wgan", "gradient_penalty_weight": 1}}, "game 'wgan' takes no 'gradient_penalty_weight'"),
        ({"critic": {"name": "mlp_critic"}}, "critic 'mlp_critic' lacks 'input_shape'"),
        ({"critic": {"name": "os.system"}}, "critic names 'os.system'"),
        ({"data": {"path": "x"}}, "data takes no 'path'"),
        ({"generator_optimizer": {"name": "adam", "lr": 1}}, "takes no 'lr'"),
        ({"generator_optimizer": {"name": "adam", "learning_rate": {"name": "cosine"}}}, "did you mean 'cosine_decay'"),
        ({"evaluation": {"protocol": "fid_fashion_mnist_classifier_10k"}}, "evaluation lacks 'every'"),
        ({"evaluation": {"protocol": "modes_eight_gaussians_2500", "every": 2}}, "divisor of iterations = 5"),
        ({"dtype_policy": "mixed_float16"}, "dtype_policy is 'mixed_float16'"),
        ({"generator": "dcgan"}, "generator is 'dcgan'; expected an object"),
    ],
)
def test_what_no_recipe_has_is_named(tmp_path, change, message):
    TOY.save(tmp_path / "recipe.json")
    fields = json.loads((tmp_path / "recipe.json").read_text())
    (tmp_path / "recipe.json").write_text(json.dumps({**fields, **change}))
    with pytest.raises(ValueError, match=message):
        Recipe.load(tmp_path / "recipe.json")


@pytest.mark.parametrize(
    ("protocol", "message"),
    [
        ("memorization_pixels_300", "the one that copies most"),
        ("is_pixels_300", "pixels have no class probabilities"),
        ("modes_twenty_five_gaussians_2500", "but the data are 'eight_g"),
    ],
)
def test_a_protocol_that_does_not_suit_is_named_before_training(tmp_path, protocol, message):
    recipe = dataclasses.replace(TOY, evaluation={"protocol": protocol, "every": 5})
    with pytest.raises(ValueError, match=message):
        training.start(recipe, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_file_that_is_not_json_or_not_there_is_named(tmp_path):
    (tmp_path / "recipe.json").write_text("{")
    with pytest.raises(ValueError, match=r"recipe\.json is damaged: it is not JSON"):
        Recipe.load(tmp_path / "recipe.json")
    with pytest.raises(FileNotFoundError, match="no recipe"):
        Recipe.load(tmp_path / "other.json")


@pytest.mark.parametrize("shape", [(28, 28, 1), (2,)])
def test_the_usual_critic_is_built_for_what_the_views_make(shape):
    game = {"name": "gan", "views": [{"name": "instance_noise"}, {"name": "pack", "k": 2}]}
    model = standard(game, {"name": "fashion_mnist"}, shape, width=4).build()
    assert model.generator.output_shape[1:] == shape
    assert model.critic.input_shape[1:] == (*shape[:-1], 2 * shape[-1])
