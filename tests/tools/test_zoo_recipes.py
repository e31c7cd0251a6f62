"""The zoo's recipes: what the papers and the zoo's rules ask of them."""

import pytest

from tools.zoo import recipes
from wgan_keras import data, presets
from wgan_keras.presets import store

RECIPES = recipes.recipes()
IMAGES = recipes.cells()


def test_there_are_nine_cells_and_three_games_on_each_toy_beside_the_others():
    toys = {name for name, recipe in RECIPES.items() if recipe.data["name"] in data.toys.NAMES}
    assert (len(IMAGES), len(toys)) == (9, 3 * len(data.toys.NAMES))
    in_color = {"wgan_gp_avatars", "wgan_gp_emoji", "wgan_gp_emoji_labels"}
    garments = {f"{name}_fashion_mnist" for name in ("wgan_gp_resnet", "wgan_wide", "hinge_gan")}
    assert set(RECIPES) == set(IMAGES) | toys | in_color | garments | {"wgan_gp_fashion_mnist_labels"}
    assert {RECIPES[name].build_for_weights().generator.output_shape for name in in_color} == {(None, 64, 64, 3)}


@pytest.mark.parametrize("name", store.list_presets())
def test_a_preset_was_trained_by_the_recipe_that_is_here(name):
    assert presets.open_recipe(name) == RECIPES[name]


def test_the_main_three_train_for_20000_iterations_and_the_rest_for_10000():
    assert {name for name, recipe in IMAGES.items() if recipe.iterations == 20_000} == {
        f"{game}_fashion_mnist" for game in ("gan", "wgan", "wgan_gp")
    }
    assert {recipe.iterations for recipe in IMAGES.values()} == {10_000, 20_000}


def test_every_cell_has_the_papers_critic_and_the_constant_generator_no_normalization():
    assert {recipe.critic["name"] for recipe in IMAGES.values()} == {"dcgan_critic"}
    plain = IMAGES["wgan_plain_fashion_mnist"].build().generator
    assert not [layer for layer in plain.layers if "normalization" in layer.name]
    assert {layer.filters for layer in plain.layers if hasattr(layer, "filters")} == {64, 1}


def test_the_conditional_one_has_the_networks_and_the_length_of_the_unconditional_one():
    labels, plain = (RECIPES[f"wgan_gp_fashion_mnist{end}"] for end in ("_labels", ""))
    assert (labels.iterations, labels.batch_size) == (plain.iterations, plain.batch_size)
    for name in ("generator", "critic"):
        added = {"classes": 10} | ({"conditioning": "projection"} if name == "critic" else {})
        assert getattr(labels, name) == getattr(plain, name) | added


def test_learning_rates_end_at_zero_with_the_last_update():
    recipe = IMAGES["wgan_gp_fashion_mnist"]
    model = recipe.compile(recipe.build())
    for optimizer, updates in ((model.generator_optimizer, 20_000), (model.critic_optimizer, 100_000)):
        assert float(optimizer._learning_rate(updates)) == 0 < float(optimizer._learning_rate(updates - 1))
