"""Presets: what is saved comes back, what is not right is refused before the weights are opened."""

import dataclasses
import json
import os
import pathlib
import shutil

import h5py
import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import presets, training
from wgan_keras.files.saving import sha256
from wgan_keras.games import GAMES
from wgan_keras.models.adversarial import AdversarialModel
from wgan_keras.presets import files, store, table
from wgan_keras.recipes import Recipe, standard
from wgan_keras.runtime import processes

RECIPE = standard({"name": "wgan_gp", "ema_decay": 0.9}, {"name": "eight_gaussians"}, (2,), width=2)


@pytest.fixture(scope="module")
def model():
    model = RECIPE.compile(RECIPE.build())
    model.fit(np.random.default_rng(0).normal(size=(64, 2)), batch_size=4, verbose=0)
    return model


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("presets") / "saved"
    presets.save(model, RECIPE, folder)
    return folder


@pytest.fixture
def preset(saved, tmp_path, monkeypatch):
    """A copy to damage, whose weights nobody may open."""

    def opened(*arguments, **options):
        raise AssertionError("the weights were opened")

    monkeypatch.setattr(AdversarialModel, "load_weights", opened)
    return shutil.copytree(saved, tmp_path / "preset")


def change(folder, name, **fields):
    content = json.loads((folder / name).read_text())
    (folder / name).write_text(json.dumps({**content, **fields}))


def test_a_preset_samples_as_the_model_did(model, saved):
    assert np.array_equal(wk.from_preset(saved).sample(9, seed=1), model.sample(9, seed=1))


def test_a_preset_holds_the_averaged_generator_alone_and_both_begin_there(model, saved):
    assert not np.array_equal(model.generator.get_weights()[0], model.generator_ema.get_weights()[0])
    with h5py.File(saved / "model.weights.h5") as file:
        assert {"generator", "critic"} <= set(file) and "generator_ema" not in file
    loaded = wk.from_preset(saved)
    for generator in (loaded.generator, loaded.generator_ema):
        for found, expected in zip(generator.get_weights(), model.generator_ema.get_weights(), strict=True):
            assert np.array_equal(found, expected)
    assert loaded.generator is not loaded.generator_ema and loaded.ema_decay == 0.9


def test_a_game_that_averages_by_its_own_default_is_held_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(GAMES, "_registered", dict(GAMES))

    @wk.register_game("always_averaged")
    class AlwaysAveraged(wk.WGANGP):
        def __init__(self, generator, critic, *, ema_decay: float = 0.9, **arguments):
            super().__init__(generator, critic, ema_decay=ema_decay, **arguments)

    recipe = dataclasses.replace(RECIPE, game={"name": "always_averaged"})
    game = recipe.compile(recipe.build())
    game.fit(np.random.default_rng(0).normal(size=(64, 2)), batch_size=4, verbose=0)
    game.save_to_preset(tmp_path / "preset")
    loaded = wk.from_preset(tmp_path / "preset")
    assert type(loaded) is AlwaysAveraged
    assert np.array_equal(loaded.sample(9, seed=1), game.sample(9, seed=1))
    assert np.array_equal(loaded.generator.get_weights()[0], game.generator_ema.get_weights()[0])


def test_a_recipe_without_the_models_average_is_refused(model, tmp_path):
    other = dataclasses.replace(RECIPE, game={"name": "wgan_gp"})
    with pytest.raises(ValueError, match="weight"):
        presets.save(model, other, tmp_path / "preset")
    assert not list(tmp_path.rglob("*.h5"))


def test_a_preset_of_version_0_1_held_both_generators(model, tmp_path):
    presets.save(model, RECIPE, tmp_path / "old")
    model.save_weights(tmp_path / "old/model.weights.h5")
    change(tmp_path / "old", "metadata.json", weights_sha256=sha256(tmp_path / "old/model.weights.h5"))
    change(tmp_path / "old", "metadata.json", format=1)
    loaded = wk.from_preset(tmp_path / "old")
    for found, expected in zip(loaded.get_weights(), model.get_weights(), strict=True):
        assert np.array_equal(found, expected)


def test_the_table_says_which_presets_a_gpu_trained():
    training = {row[0]: row[-1] for row in table.rows()}
    assert training["wgan_gp_avatars"] == "7 min on a GPU" and training["wgan_gp_fashion_mnist"] == "3 h 27 min"


def test_a_home_of_ones_own(model, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    presets.save(model, RECIPE, "~/mine")
    assert (tmp_path / "mine/config.json").exists()
    assert np.array_equal(wk.from_preset("~/mine").sample(9, seed=1), model.sample(9, seed=1))


def test_of_processes_that_train_together_the_first_alone_writes(model, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "writes", lambda: False)
    presets.save(model, RECIPE, tmp_path / "second")
    assert list(tmp_path.iterdir()) == []


def test_a_kill_between_the_files_leaves_no_recipe_with_anothers_weights(model, tmp_path, monkeypatch):
    """Whichever file is the last to take its place: the old preset, the new one, or a refusal."""
    other = dataclasses.replace(RECIPE, game={"name": "wgan", "ema_decay": 0.9})
    replace = os.replace
    for kill_at in range(1, 4):
        folder = tmp_path / str(kill_at)
        presets.save(model, RECIPE, folder)
        calls = iter(range(1, 4))

        def killed(source, target, calls=calls, kill_at=kill_at):
            if pathlib.Path(target).name in files.FILES and next(calls) == kill_at:
                raise KeyboardInterrupt
            replace(source, target)

        monkeypatch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            presets.save(other.compile(other.build()), other, folder)
        monkeypatch.undo()
        if kill_at == 1:
            assert np.array_equal(wk.from_preset(folder).sample(9, seed=1), model.sample(9, seed=1))
        else:
            with pytest.raises(ValueError, match="cut short or changed"):
                wk.from_preset(folder)


def test_a_path_is_a_folder_whatever_its_name(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(saved, "gan_eight_gaussians")
    assert store.locate(pathlib.Path("gan_eight_gaussians")) == pathlib.Path("gan_eight_gaussians")
    assert store.locate("gan_eight_gaussians") == store.ZOO / "gan_eight_gaussians"


def test_a_class_takes_its_own_presets_alone(preset):
    with pytest.raises(ValueError, match=r"holds a WGANGP, not a WGAN; use .*WGANGP\.from_preset"):
        wk.WGAN.from_preset(preset)


def test_its_own_class_takes_it(saved):
    assert type(wk.WGANGP.from_preset(str(saved))) is wk.WGANGP


def test_a_run_means_the_preset_in_it(saved, tmp_path):
    shutil.copytree(saved, tmp_path / "run/preset")
    assert wk.from_preset(tmp_path / "run").gradient_penalty_weight == 0.1


def test_loading_leaves_seed_and_dtype_policy_alone(saved, tmp_path, policy):
    shutil.copytree(saved, tmp_path / "half")
    change(tmp_path / "half", "config.json", dtype_policy="mixed_bfloat16")
    keras.utils.set_random_seed(5)
    expected = np.random.random()
    keras.utils.set_random_seed(5)
    model = wk.from_preset(tmp_path / "half")
    assert np.random.random() == expected
    assert keras.config.dtype_policy().name == "float32"
    assert model.generator.layers[1].dtype_policy.name == "mixed_bfloat16"


# A model made by hand.


def by_hand(**arguments):
    generator = wk.networks.dcgan_generator((8, 8, 1), 4, width=2, normalization=None)
    critic = wk.networks.dcgan_critic((8, 8, 1), width=2, growth=1)
    return wk.GAN(generator, critic, loss="minimax", label_smoothing=0.1, seed=3, **arguments)


def test_a_model_made_by_hand_comes_back_by_names_alone(tmp_path):
    model = by_hand(ema_decay=0.99, latent_prior="uniform")
    decay = keras.optimizers.schedules.CosineDecay(0.1, 50, alpha=0.01)
    model.compile(keras.optimizers.Adam(1e-4, 0.3, clipnorm=1.0), keras.optimizers.SGD(decay, momentum=0.5))
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


def test_what_has_no_name_is_refused_with_the_way_out(tmp_path):
    own = keras.Sequential([keras.Input((4,)), keras.layers.Dense(64), keras.layers.Reshape((8, 8, 1))])
    model = wk.GAN(own, wk.networks.dcgan_critic((8, 8, 1), width=2))
    with pytest.raises(ValueError, match=r"The generator was not built by .* model\.save\('gan\.keras'\)"):
        model.save_to_preset(tmp_path / "preset")
    model = by_hand()
    model.compile(keras.optimizers.Nadam())
    with pytest.raises(ValueError, match=r"The optimizer is a Nadam; recipes name 'adam', 'rmsprop', 'sgd'"):
        model.save_to_preset(tmp_path / "preset")

    class Mine(wk.GAN):
        pass

    model = Mine(model.generator, model.critic)
    with pytest.raises(ValueError, match=r"The game is a Mine, which nobody has registered"):
        model.save_to_preset(tmp_path / "preset")
    assert not (tmp_path / "preset").exists()


# What is refused.


def test_weights_that_changed_by_one_bit_are_not_opened(preset):
    content = bytearray((preset / "model.weights.h5").read_bytes())
    content[-1] ^= 1
    (preset / "model.weights.h5").write_bytes(content)
    with pytest.raises(ValueError, match=r"has sha256 .* Copy the preset again"):
        wk.from_preset(preset)


@pytest.mark.parametrize("name", files.FILES)
def test_a_link_to_outside_the_folder_is_not_followed(preset, tmp_path, name):
    os.rename(preset / name, tmp_path / name)
    (preset / name).symlink_to(tmp_path / name)
    with pytest.raises(ValueError, match=rf"{name} is a link to .*, outside the preset"):
        wk.from_preset(preset)


GOLDEN = {"seed": 0, "samples": [[0.5]], "protocol": "p", "score": 1, "tolerance": 1}
STATE = {"iteration": 1, "protocols": {"p": {"fid": {"mean": 1.5, "std": 0}}}}
SCORES = {"selection": "the last", "sampling_seeds": [0], "best": STATE, "final": STATE, "real_against_real": {}}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"format": 3}, "has preset format 3; this version of wgan_keras reads 1 and 2. Install a later one."),
        ({"weights": "/etc/passwd"}, "takes no 'weights' .did you mean 'weights_sha256'"),
        ({"iterations": "many"}, "'iterations' is 'many'; expected a whole number"),
        ({"iterations": True}, "'iterations' is True; expected a whole number"),
        ({"parameters": {"generator": 5}}, "'parameters' lacks 'critic'"),
        ({"golden": {"seed": 0, "samples": [[1, "2"]]}}, "'golden' lacks 'protocol', 'score', 'tolerance'"),
        ({"golden": {**GOLDEN, "samples": [[1, "2"]]}}, r"'golden' 'samples'\[0\]\[1\] is '2'; expected a number"),
        (
            {"scores": {**SCORES, "final": {"iteration": 1, "protocols": {"p": {"fid": {"mean": 1}}}}}},
            "'fid' lacks 'std'",
        ),
        ({"data": []}, r"'data' is \[\]; expected an object"),
    ],
)
def test_metadata_out_of_form_are_refused(preset, fields, message):
    change(preset, "metadata.json", **fields)
    with pytest.raises(ValueError, match=message):
        wk.from_preset(preset)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"code": "x"}, "takes no 'code'"),
        ({"generator": {"name": "os.system"}}, "generator names 'os.system'"),
        ({"critic": {**RECIPE.critic, "units": "8"}}, "'units' is '8'; expected a whole number"),
        (
            {"critic": {**RECIPE.critic, "input_shape": ["2"]}},
            r"'input_shape' is \['2'\]; expected a list of at most 8",
        ),
        (
            {"critic": {**RECIPE.critic, "input_shape": 5}},
            "'input_shape' is 5; expected a list of at most 8, each a whole number",
        ),
        ({"generator": {**RECIPE.generator, "latent_dim": [2]}}, r"'latent_dim' is \[2\]; expected a whole number"),
        ({"game": {"name": ["wgan_gp"]}}, r"game names \['wgan_gp'\]"),
        ({"critic_optimizer": {"name": "adam", "clipnorm": "x"}}, "'clipnorm' is 'x'; expected a number, above 0"),
        ({"game": {"name": "wgan_gp", "one_sided": 1}}, "'one_sided' is 1; expected true or false"),
        ({"generator_optimizer": {"name": "adam", "beta_1": {}}}, "'beta_1' is {}; expected a number"),
        ({"data": None}, "has no data; expected batch_size, iterations and evaluation to be null"),
    ],
)
def test_recipes_out_of_form_are_refused(preset, fields, message):
    change(preset, "config.json", **fields)
    with pytest.raises(ValueError, match=message):
        wk.from_preset(preset)


def test_missing_files_and_damaged_metadata_are_named(preset):
    (preset / "metadata.json").write_text("{")
    with pytest.raises(ValueError, match=r"metadata\.json is damaged"):
        wk.from_preset(preset)
    (preset / "config.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"lacks config\.json"):
        wk.from_preset(preset)


def test_names_that_mean_nothing(monkeypatch, preset):
    monkeypatch.setattr(store, "ZOO", preset.parent)
    assert wk.list_presets() == ["preset"]
    assert store.locate("preset") == preset
    with pytest.raises(ValueError, match=r"no preset 'presets' \(did you mean 'preset'\?\)"):
        wk.from_preset("presets")
    with pytest.raises(FileNotFoundError, match="There is no folder runs/nothing"):
        wk.from_preset("runs/nothing")


def test_every_form_of_name_gives_the_recipe(saved, tmp_path):
    RECIPE.save(tmp_path / "run/config.json")  # a run that has no preset yet
    names = (saved, str(saved), saved / "config.json", tmp_path / "run")
    assert all(presets.open_recipe(name) == RECIPE for name in names)
