"""A preset of a model made by hand, not by a recipe."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import presets, training
from wgan_keras.networks import NETWORKS
from wgan_keras.optimizers import OPTIMIZERS, SCHEDULES, check_configuration, from_spec
from wgan_keras.recipes import Recipe, standard
from wgan_keras.tuning import GANHyperModel
from wgan_keras.tuning.search import Search


def by_hand(**arguments):
    generator = wk.networks.dcgan_generator((8, 8, 1), 4, width=2, normalization=None)
    critic = wk.networks.dcgan_critic((8, 8, 1), width=2, growth=1)
    return wk.GAN(generator, critic, loss="minimax", label_smoothing=0.1, seed=3, **arguments)


def test_a_model_made_by_hand_comes_back_by_names_alone(tmp_path):
    model = by_hand(ema_decay=0.99, latent_prior="uniform")
    warm_up = {"warmup_target": np.float32(0.1), "warmup_steps": np.int64(5)}
    decay = keras.optimizers.schedules.CosineDecay(0.0, 5e1, alpha=0.01, **warm_up)
    adam = keras.optimizers.Adam(1e-4, np.float64(0.3), clipnorm=np.float32(1.0))
    model.compile(adam, keras.optimizers.SGD(decay, momentum=0.5))
    model.save(tmp_path / "gan.keras")
    wk.load_model(tmp_path / "gan.keras").save_to_preset(tmp_path / "preset")  # known after a .keras file too
    again = wk.GAN.from_preset(tmp_path / "preset")
    assert np.array_equal(again.sample(3, seed=0), model.sample(3, seed=0))
    kept = ("loss", "label_smoothing", "n_critic", "latent_prior", "ema_decay", "seed", "built_by")
    assert {k: again.get_config()[k] for k in kept} == {k: model.get_config()[k] for k in kept}
    recipe = Recipe.load(tmp_path / "preset/config.json")
    assert recipe.generator_optimizer == {"name": "adam", "learning_rate": 1e-4, "beta_1": 0.3, "clipnorm": 1.0}
    one, two = (m.critic_optimizer.get_config() for m in (again, model))
    assert {**one, "name": None} == {**two, "name": None}
    with pytest.raises(ValueError, match="a model whose training is not known; give it data"):
        training.start(recipe, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.fixture
def of_ones_own(monkeypatch):
    """An optimizer and a schedule of a user's own, registered under "steady" and "halving"."""
    for registry in (OPTIMIZERS, SCHEDULES):
        monkeypatch.setattr(registry, "_registered", dict(registry))

    @wk.register_schedule("halving")
    class Halving(keras.optimizers.schedules.LearningRateSchedule):
        def __init__(self, first: float = 1e-3):
            self.first = first

        def __call__(self, step):
            return self.first / (1 + keras.ops.cast(step, "float32"))

        def get_config(self):
            return {"first": self.first}

    @wk.register_optimizer("steady")
    class Steady(keras.optimizers.SGD):
        def __init__(self, learning_rate: float, boost: float, **kwargs):
            super().__init__(learning_rate, **kwargs)
            self.boost = boost

        def get_config(self):
            return {**super().get_config(), "boost": self.boost}

    return Steady, Halving


def test_an_optimizer_and_a_schedule_of_ones_own_come_back_from_files(of_ones_own, tmp_path):
    optimizer, schedule = of_ones_own
    model = by_hand()
    model.compile(optimizer(schedule(0.2), boost=3.0), keras.optimizers.SGD(0.1))
    model.save(tmp_path / "gan.keras")
    again = wk.load_model(tmp_path / "gan.keras").generator_optimizer
    assert (type(again), again.boost, float(again.learning_rate)) == (optimizer, 3.0, pytest.approx(0.2))
    model.save_to_preset(tmp_path / "preset")
    recipe = Recipe.load(tmp_path / "preset/config.json")
    halving = {"name": "halving", "first": 0.2}
    assert recipe.generator_optimizer == {"name": "steady", "learning_rate": halving, "boost": 3.0}
    assert recipe.differs_from(model) == []


def test_a_configuration_that_makes_no_optimizer_or_schedule_is_refused_before_a_step_and_before_a_file(
    of_ones_own, monkeypatch, tmp_path
):
    optimizer, schedule = of_ones_own
    by_name = {"name": "steady", "learning_rate": {"name": "halving", "first": 0.2}, "boost": 3.0}
    model = by_hand()
    for kind, lost, told in (
        (schedule, {"rate": 0.2}, r"schedule Halving cannot be made again from its get_config\(\): .*'rate'.* Let"),
        (optimizer, {}, r"optimizer Steady cannot be made again from its get_config\(\): .*'boost'"),
    ):
        model.compile(optimizer(schedule(0.2), 3.0), keras.optimizers.SGD(0.1))
        with monkeypatch.context() as patch:
            patch.setattr(kind, "get_config", lambda self, lost=lost: lost)
            with pytest.raises(TypeError, match=told):
                model.save(tmp_path / "gan.keras")
            with pytest.raises(TypeError, match=told):
                from_spec(by_name)
    assert not list(tmp_path.iterdir())
    model.save(tmp_path / "gan.keras")


def test_what_a_file_would_hold_is_what_is_made_again(of_ones_own):
    _, halving = of_ones_own

    @keras.saving.register_keras_serializable()
    class Doubled(keras.optimizers.schedules.LearningRateSchedule):
        def __init__(self, of):
            self.of = of

        def __call__(self, step):
            return 2 * self.of(step)

        def get_config(self):
            return {"of": self.of}

        @classmethod
        def from_config(cls, config):
            return cls(keras.saving.deserialize_keras_object(config["of"]))

    class Wary(keras.optimizers.SGD):
        told = None

        def __init__(self, learning_rate=0.1, **kwargs):
            if isinstance(learning_rate, float) and learning_rate <= 0:
                raise ValueError("the rate is to be above 0")
            super().__init__(learning_rate, **kwargs)

        def get_config(self):
            self.told = self.told or super().get_config()
            return self.told

    optimizer = Wary(Doubled(halving(0.2)))
    check_configuration(optimizer)
    assert optimizer.told["learning_rate"]["class_name"] == "Doubled"


@pytest.mark.parametrize("network", ["mlp", "dcgan", "resnet"])
@pytest.mark.parametrize("classes", [pytest.param(None, marks=pytest.mark.long), 3])
def test_a_recipe_tells_the_policy_under_which_the_networks_were_built(network, classes):
    sizes = {"units": 2, "depth": 1} if network == "mlp" else {"width": 2}
    generator, critic = (getattr(wk.networks, f"{network}_{role}") for role in ("generator", "critic"))
    recipes = {}
    for policy in ("float32", "mixed_bfloat16"):
        keras.config.set_dtype_policy(policy)
        try:
            networks = (
                generator((8, 8, 1), latent_dim=4, classes=classes, **sizes),
                critic((8, 8, 1), classes=classes, **sizes),
            )
        finally:
            keras.config.set_dtype_policy("float32")
        game = wk.GAN(*networks, seed=0)
        game.compile()
        recipes[policy] = Recipe.from_model(game)
        assert (recipes[policy].dtype_policy, recipes[policy].differs_from(game)) == (policy, [])
    assert recipes["float32"].differs_from(game) == ["dtype_policy"]


def test_a_layer_with_a_policy_of_its_own_is_not_taken_for_the_networks(monkeypatch, policy):
    monkeypatch.setattr(NETWORKS, "_registered", dict(NETWORKS))

    @wk.register_network("half_generator")
    def half_generator(latent_dim: int):
        inputs = keras.Input((latent_dim,))
        x = keras.layers.Dense(2, dtype="mixed_bfloat16")(inputs)
        return keras.Model(inputs, keras.layers.Dense(2)(x))

    game = wk.GAN(half_generator(3), wk.networks.mlp_critic((2,), units=2, depth=1))
    for each in (game, wk.GAN.from_config(game.get_config())):
        rebuilt = Recipe.from_model(each).build_for_weights().generator.layers
        assert [layer.dtype_policy.name for layer in rebuilt[1:]] == ["mixed_bfloat16", "float32"]
    earlier = wk.GAN.from_config({k: v for k, v in game.get_config().items() if k != "built_under"})
    earlier.compile()
    assert Recipe.from_model(game).differs_from(earlier) == []
    policy("mixed_bfloat16")
    game = wk.GAN(game.generator, wk.networks.mlp_critic((2,), units=2, depth=1))
    with pytest.raises(ValueError, match=r"generator was built under .* float32 and the critic under mixed_bfloat16"):
        Recipe.from_model(game)


def test_a_layer_in_float64_is_refused_before_it_trains(tmp_path, monkeypatch):
    monkeypatch.setattr(GANHyperModel, "evaluation", None)
    monkeypatch.setattr(NETWORKS, "_registered", dict(NETWORKS))

    @wk.register_network("odd_critic")
    def odd_critic(dtype: str):
        inputs = keras.Input((2,))
        return keras.Model(inputs, keras.layers.Dense(1, dtype=dtype, name="odd")(inputs))

    recipe = standard({"name": "gan"}, {"name": "eight_gaussians"}, (2,), width=1)
    recipe = dataclasses.replace(recipe, critic={"name": "odd_critic", "dtype": "float64"})
    space = {"game.n_critic": {"kind": "choice", "values": [1, 2]}}
    game = recipe.build()
    for refused in (
        lambda: training.start(recipe, tmp_path / "run", splits=(np.zeros((8, 2)), np.zeros((8, 2)))),
        lambda: Search(recipe, space, "w1_pixels_64").save(tmp_path),
        lambda: game.save_to_preset(tmp_path / "preset"),
    ):
        with pytest.raises(ValueError, match=r"The critic's layer 'odd' has weights in float64; .* in float32 or bf"):
            refused()
    with pytest.raises(ValueError, match=r"in float64; expected float32\. No preset of it could be opened"):
        presets.save(game, recipe, tmp_path / "preset")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"]
    recipe = dataclasses.replace(recipe, critic={"name": "odd_critic", "dtype": "mixed_bfloat16"})
    assert recipe.differs_from(recipe.compile(recipe.build())) == []


def test_what_has_no_name_is_refused_with_the_way_out(tmp_path):
    own = keras.Sequential([keras.Input((4,)), keras.layers.Dense(64), keras.layers.Reshape((8, 8, 1))])
    model = wk.GAN(own, wk.networks.dcgan_critic((8, 8, 1), width=2))
    way_out = r"The generator was not built by .*, and a recipe, .*model\.save\('gan\.keras'\) .*model\.get_config\(\)"
    for refused in (Recipe.from_model, lambda model: model.save_to_preset(tmp_path / "preset")):
        with pytest.raises(ValueError, match=way_out):
            refused(model)
    assert json.dumps(model.get_config())
    model = by_hand()
    model.compile(keras.optimizers.Nadam())
    with pytest.raises(ValueError, match=r"The optimizer is a Nadam; recipes name 'adam', 'rmsprop', 'sgd'"):
        model.save_to_preset(tmp_path / "preset")
    optimizer = keras.optimizers.Adam(weight_decay=0.1)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(optimizer)
    with pytest.raises(ValueError, match=r"The Adam was told by exclude_from_weight_decay .*: model\.save\("):
        model.save_to_preset(tmp_path / "preset")

    class Mine(wk.GAN):
        pass

    model = Mine(model.generator, model.critic)
    with pytest.raises(ValueError, match=r"The game is a Mine, which nobody has registered"):
        model.save_to_preset(tmp_path / "preset")
    assert not (tmp_path / "preset").exists()


@pytest.mark.parametrize("name", ["run.json", "search.json", "gan.keras", "best.keras", "preset/config.json"])
def test_the_recipe_of_a_run_or_a_search_is_not_overwritten(name, saved, tmp_path):
    shutil.copy(saved / "config.json", tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    with pytest.raises(FileExistsError, match=f"holds {name.split('/')[0]}, as a run or a search does"):
        by_hand().save_to_preset(tmp_path)
    assert (tmp_path / "config.json").read_bytes() == (saved / "config.json").read_bytes()


@pytest.mark.parametrize("name", ["config.json", "metadata.json"])
def test_files_of_something_else_are_not_overwritten_and_a_preset_is_replaced(name, model, tmp_path):
    (tmp_path / name).write_text("{}")
    with pytest.raises(FileExistsError, match=f"holds {name}, of something else, in whose place a preset"):
        model.save_to_preset(tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["{}"]
    (tmp_path / name).unlink()
    for _ in range(2):
        model.save_to_preset(tmp_path)
    assert Recipe.load(tmp_path / "config.json").game == Recipe.from_model(model).game
