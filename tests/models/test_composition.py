"""Games with several parts: their files, and ways of running a step."""

import dataclasses

import h5py
import keras
import numpy as np
import pytest
from keras import layers, ops

import wgan_keras as wk
from wgan_keras import presets
from wgan_keras.penalties import PENALTIES
from wgan_keras.recipes import Recipe

PARTS = {
    "penalties": [{"name": "r1", "weight": 2.0}, {"name": "dragan"}, {"name": "historical_averaging"}],
    "views": [{"name": "instance_noise", "std": 0.2, "until": 6}, {"name": "pack", "k": 2}],
    "objective": {"name": "feature_matching"},
}
LOGS = {"r1", "dragan", "dragan_norm", "critic_historical_averaging", "generator_historical_averaging"}
RECIPE = Recipe(
    game={"name": "gan", "n_critic": 2, "seed": 0, "ema_decay": 0.9, **PARTS},
    generator={"name": "mlp_generator", "output_shape": [2], "latent_dim": 2, "units": 8, "depth": 1},
    critic={"name": "mlp_critic", "input_shape": [4], "units": 8, "depth": 1},
    data=None,
    batch_size=None,
    iterations=None,
)


def several(**compile_arguments):
    model = RECIPE.build()
    model.compile(**compile_arguments)
    return model


def assert_same(first, second):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_saved_game_takes_the_same_next_steps(points, state_of, tmp_path):
    model = several(run_eagerly=True)
    model.fit(points(8), batch_size=4, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    assert (loaded.penalties, loaded.views, loaded.objective) == (model.penalties, model.views, model.objective)
    assert_same(state_of(model), state_of(loaded))
    for each in (model, loaded):
        history = each.fit(points(8, seed=1), batch_size=4, verbose=0, validation_data=points(5)).history
        assert set(history) >= LOGS | {f"val_{name}" for name in LOGS}
    assert_same(state_of(model), state_of(loaded))


@dataclasses.dataclass
class Counting(wk.penalties.Penalty):
    """A penalty that keeps one number of the name it is told."""

    of: str = "n"

    def build(self, game):
        self.n = game.add_state((), self.of, "int32")


def test_states_of_one_name_are_all_kept(tiny, points, tmp_path, monkeypatch):
    monkeypatch.setattr(PENALTIES, "_registered", dict(PENALTIES) | {"counting": Counting})
    names = ["n", "n_2", "n", "n", "iterations", "random_state_0"]
    arguments = {"penalties": [Counting(name) for name in names], "views": [wk.views.InstanceNoise(0.1, until=100)]}
    model, other = (tiny(wk.GAN, seed=seed, **arguments) for seed in (0, 1))
    kept = [state for state in other.variables if "int" in state.dtype]
    for i, state in enumerate(state for state in model.variables if "int" in state.dtype):
        state.assign(ops.full(state.shape, 5 + i, state.dtype))
    model.save_weights(tmp_path / "gan.weights.h5")
    other.load_weights(tmp_path / "gan.weights.h5")
    assert len(kept) == len(names) + 3 and [int(state.numpy().max()) for state in kept] == [*range(5, 5 + len(kept))]
    with h5py.File(tmp_path / "gan.weights.h5") as file:
        assert {"n", "n_2", "n_3", "n_4", "iterations", "random_state_0"} < set(file["vars"])


def own_state(game):
    """{name: value} of the weights that belong to no network: those of its parts."""
    of_networks = {id(w) for network in (game.generator, game.critic, game.sampler) for w in network.weights}
    return {w.path.partition("/")[2]: w.numpy() for w in game.weights if id(w) not in of_networks}


def test_a_preset_and_its_recipe_hold_the_parts(points, tmp_path):
    model = several(run_eagerly=True)
    model.fit(points(8), batch_size=4, verbose=0)
    presets.save(model, RECIPE, tmp_path / "ours")
    model.save_to_preset(tmp_path / "preset")
    for folder in ("ours", "preset"):
        loaded = wk.from_preset(tmp_path / folder)
        assert loaded.get_config()["penalties"] == model.get_config()["penalties"]
        assert_same(model.sampler.get_weights(), loaded.sampler.get_weights())
        assert_same(model.critic.get_weights(), loaded.critic.get_weights())
        own, again = (own_state(game) for game in (model, loaded))
        assert len(own) > 2 and own.keys() == again.keys()
        assert_same(own.values(), again.values())
        np.testing.assert_array_equal(model.sample(3, seed=0), loaded.sample(3, seed=0))
    recipe = Recipe.load(tmp_path / "preset/config.json")
    assert [each["name"] for each in recipe.game["views"]] == ["instance_noise", "pack"]
    assert RECIPE.differs_from(RECIPE.compile(RECIPE.build())) == []


@pytest.mark.parametrize("how", [{}, pytest.param({"jit_compile": True}, marks=pytest.mark.long)])
def test_a_graph_and_xla_agree_with_an_eager_step(points, how):
    states = []
    for each in ({"run_eagerly": True}, how):
        model = several(**each)
        model.fit(points(8), batch_size=4, shuffle=False, verbose=0)
        states.append(model.get_weights())
    for eager, other in zip(*states, strict=True):
        np.testing.assert_allclose(other, eager, atol=2e-6)


def test_under_bfloat16_losses_are_float32_and_finite(points, policy):
    policy("mixed_bfloat16")
    parts = {**PARTS, "objective": wk.objectives.Unrolled(1)}
    model = wk.GAN(
        wk.networks.mlp_generator((2,), 2, units=8, depth=1),
        wk.networks.mlp_critic((4,), units=8, depth=1),
        seed=0,
        **parts,
    )
    model.compile(run_eagerly=True)
    seen = []
    after_update = model.after_update
    model.after_update = lambda player: (seen.append(player), after_update(player))
    logs = model.train_on_batch(points(4), return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert {v.dtype for v in model.weights} == {"float32", "int32"}
    assert seen == ["critic", "generator"]


def test_a_part_given_to_two_games_is_each_ones_own(tiny, points):
    penalty = wk.penalties.HistoricalAveraging()
    first, second = (tiny(wk.GAN, penalties=[penalty], n_critic=1) for _ in range(2))
    for _ in range(3):
        first.critic_step(keras.ops.convert_to_tensor(points(4)))
    counts = [int(next(v for v in game.variables if v.name == "critic_past_count")) for game in (first, second)]
    assert counts == [3, 0]


def test_a_plain_game_keeps_nothing_for_parts(tiny):
    assert [v.name for v in tiny(wk.GAN)._non_trainable_variables] == []


def test_a_conditional_game_has_penalties_views_and_objectives():
    rng = np.random.default_rng(0)
    model = wk.WGANGP(
        wk.networks.mlp_generator((2,), 2, units=8, depth=1, classes=3),
        wk.networks.mlp_critic((2,), units=8, depth=1, classes=3),
        penalties=[wk.penalties.R1(), wk.penalties.HistoricalAveraging()],
        views=[wk.views.InstanceNoise()],
        objective=wk.objectives.Unrolled(1),
        n_critic=1,
        seed=0,
    )
    model.compile(run_eagerly=True)
    logs = model.train_on_batch(rng.normal(size=(4, 2)).astype("float32"), np.arange(4) % 3, return_dict=True)
    assert np.isfinite(list(logs.values())).all()


class ByItself(wk.HingeGAN):
    """A hinge game that asks the network itself, as the hook's words allow."""

    def critic_loss(self, critic, real, fake, seed):
        return super().critic_loss(lambda images: self.critic(images, training=True), real, fake, seed)


def test_a_game_may_ask_the_network_itself(tiny, points):
    states = []
    for game in (wk.HingeGAN, ByItself):
        critic = keras.Sequential(
            [keras.Input((2,)), layers.Dense(1, kernel_initializer="ones", bias_regularizer="l2")]
        )
        model = tiny(game, critic=critic, compile={"run_eagerly": True})
        model.train_on_batch(points(8))
        states.append(np.concatenate([np.ravel(weight) for weight in critic.get_weights()]))
    np.testing.assert_array_equal(*states)
