"""What holds for every game of the registry, on the networks of its usual recipe."""

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import plots, recipes
from wgan_keras.games import GAMES
from wgan_keras.models.critic import Critic
from wgan_keras.recipes import Recipe
from wgan_keras.tuning import default_space

NAMES = list(GAMES)
# Of each game that has arguments of its own, others than the default ones.
ARGUMENTS = {
    "gan": {"loss": "minimax", "label_smoothing": 0.1},
    "wgan": {"clip_value": 0.3},
    "wgan_gp": {"gradient_penalty_weight": 3.0, "one_sided": True},
    "lsgan": {"a": -1.0, "b": 2.0, "c": 0.0},
    "relativistic_gan": {"loss": "hinge"},
    "f_gan": {"divergence": "squared_hellinger", "loss": "alternative"},
    "ebgan": {"margin": 2.5},
    "mmd_gan": {"bandwidths": [0.5, 2.0], "gradient_penalty_weight": 2.0},
}


LABELED = {name for name in NAMES if GAMES[name].labels_may_lack}  # whose data are (images, labels)


def recipe(name, shape=(2,), width=1, **arguments):
    game = {"name": name, "seed": 3, **arguments}
    names = ["zero", "one", "two"] if name in LABELED else None
    return recipes.standard(game, {"name": "eight_gaussians"}, shape, width=width, latent_dim=2, class_names=names)


def data(name, images):
    """The images, or (images, labels) where the game takes some."""
    return (images, np.arange(len(images)) % 4 - 1) if name in LABELED else images


# Arguments that are lists, classes, packs, and logs of their own; the others are played as these are.
PLAYED = ("wgan_gp", "mmd_gan", "semi_supervised_gan", "relativistic_gan", "f_gan")


@pytest.fixture(scope="module", params=[pytest.param(n, marks=[] if n in PLAYED else pytest.mark.long) for n in NAMES])
def played(request, points, shallow):
    """(name, the game after an epoch of one eager step, what it logged), with arguments of its own and an average."""
    arguments = ARGUMENTS.get(request.param, {})
    model = shallow(recipe(request.param, n_critic=2, ema_decay=0.9, **arguments)).build()
    model.compile(*model.default_optimizers(1e-2), run_eagerly=True)  # a rate at which a step is seen
    return (
        request.param,
        model,
        model.fit(
            data(request.param, points(8)), batch_size=4, verbose=0, validation_data=data(request.param, points(5))
        ).history,
    )


# Of the others all state is the base's, and the next test tells that their arguments are kept.
STATE_OF_THEIR_OWN = ("wgan_gp", "mmd_gan", "semi_supervised_gan")
LOADED = [pytest.param(n, marks=[] if n in STATE_OF_THEIR_OWN else pytest.mark.long) for n in NAMES]


@pytest.mark.parametrize("played", LOADED, indirect=True, scope="module")
def test_the_next_step_after_loading_is_bitwise_that_without(played, points, state_of, tmp_path):
    name, model, _ = played
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    assert type(loaded) is GAMES[name] and ARGUMENTS.get(name, {}).items() <= loaded.get_config().items()
    for one in (model, loaded):
        one.fit(data(name, points(8, seed=1)), batch_size=4, verbose=0)
    for a, b in zip(state_of(model), state_of(loaded), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_preset_and_its_recipe_hold_the_game(played, tmp_path):
    name, model, _ = played
    model.save_to_preset(tmp_path / "preset")
    loaded = wk.from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(loaded.sample(5, seed=0), model.sample(5, seed=0))
    spec = Recipe.load(tmp_path / "preset/config.json")
    assert spec.game["name"] == name and ARGUMENTS.get(name, {}).items() <= spec.game.items()
    assert Recipe.from_model(loaded).game == spec.game


def test_it_logs_what_it_names_and_every_name_is_drawn(played):
    _, model, logs = played
    ours = ["critic_loss", "generator_loss", *model.log_names]
    assert set(ours) <= set(logs) and np.isfinite([logs[each] for each in ours]).all()
    drawn = {each for _, names in plots._panels(dict.fromkeys(logs)) for each in names}
    assert set(ours) <= drawn


@pytest.mark.parametrize("name", NAMES)
def test_the_usual_recipe_of_pictures_and_of_points_builds_and_can_be_searched(name):
    for shape in ((2,), (8, 8, 1)):
        usual = recipe(name, shape)
        assert usual.build().critic.input_shape == (None, *shape)
        assert all(path.partition(".")[0] for spec in default_space(usual).values() for path in spec["fields"])


@pytest.mark.parametrize("name", NAMES)
def test_losses_of_bfloat16_outputs_are_float32(name, policy, points):
    policy("mixed_bfloat16")
    model = recipe(name).build()
    real = keras.ops.convert_to_tensor(points(4))
    fake = model.generator(np.ones((4, 2), "float32"))

    labels = keras.ops.one_hot([0, 1, 2, -1], 3) if name in LABELED else None
    critic = Critic(model.critic, labels, lambda network, x: keras.ops.cast(network(x), "bfloat16"))
    loss, logs = model.critic_loss(critic, real, fake, keras.random.SeedGenerator(0))
    values = [loss, model.generator_loss(critic, real, fake, None), *logs.values()]
    assert {keras.backend.standardize_dtype(value.dtype) for value in values} == {"float32"}


# Of the others their losses are known by hand, and that a step descends them.
QUICK = ("wgan_gp",)


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in QUICK else pytest.mark.long) for n in NAMES])
def test_a_short_game_moves_the_generators_mean_to_the_datas(name, points, shallow):
    """By its average, because the last generator is one point of a circle around them."""
    model = shallow(recipe(name, width=4, ema_decay=0.98, n_critic=2)).build()
    model.compile(*model.default_optimizers(4e-3))
    before = np.linalg.norm(model.sample(512, seed=0).mean(0) - [1, -1])
    model.fit(data(name, points(2 * 32 * 120)), batch_size=32, shuffle=False, verbose=0)
    assert np.linalg.norm(model.sample(512, seed=0).mean(0) - [1, -1]) < before / 2
