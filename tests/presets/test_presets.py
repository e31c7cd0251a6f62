"""Presets: what is saved comes back, what is not right is refused before the weights are opened."""

import dataclasses
import os
import pathlib
import shutil

import h5py
import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import presets
from wgan_keras.files.saving import sha256
from wgan_keras.games import GAMES
from wgan_keras.presets import files, store, table
from wgan_keras.runtime import processes


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


def test_a_game_that_averages_by_its_own_default_is_held_as_well(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(GAMES, "_registered", dict(GAMES))

    @wk.register_game("always_averaged")
    class AlwaysAveraged(wk.WGANGP):
        def __init__(self, generator, critic, *, ema_decay: float = 0.9, **arguments):
            super().__init__(generator, critic, ema_decay=ema_decay, **arguments)

    recipe = dataclasses.replace(recipe, game={"name": "always_averaged"})
    game = recipe.compile(recipe.build())
    game.run_eagerly = True
    game.fit(np.random.default_rng(0).normal(size=(20, 2)), batch_size=4, verbose=0)
    game.save_to_preset(tmp_path / "preset")
    loaded = wk.from_preset(tmp_path / "preset")
    assert type(loaded) is AlwaysAveraged
    assert np.array_equal(loaded.sample(9, seed=1), game.sample(9, seed=1))
    assert np.array_equal(loaded.generator.get_weights()[0], game.generator_ema.get_weights()[0])


def test_a_recipe_without_the_models_average_is_refused(model, recipe, tmp_path):
    other = dataclasses.replace(recipe, game={"name": "wgan_gp"})
    with pytest.raises(ValueError, match="weight"):
        presets.save(model, other, tmp_path / "preset")
    assert not list(tmp_path.rglob("*.h5"))


def test_a_preset_of_version_0_1_held_both_generators(model, recipe, change, tmp_path):
    presets.save(model, recipe, tmp_path / "old")
    model.save_weights(tmp_path / "old/model.weights.h5")
    change(tmp_path / "old", "metadata.json", weights_sha256=sha256(tmp_path / "old/model.weights.h5"))
    change(tmp_path / "old", "metadata.json", format=1)
    loaded = wk.from_preset(tmp_path / "old")
    for found, expected in zip(loaded.get_weights(), model.get_weights(), strict=True):
        assert np.array_equal(found, expected)


def test_the_average_of_a_preset_without_its_count_has_made_the_steps_that_its_metadata_count(saved, change, tmp_path):
    """As of all presets that were made before it was kept; and of one that was made of a file without it."""
    for count in (None, -1):
        old = shutil.copytree(saved, tmp_path / str(count))
        with h5py.File(old / "model.weights.h5", "r+") as file:
            del file["vars/average_steps"]
            if count is not None:
                file["vars/average_steps"] = count
        change(old, "metadata.json", weights_sha256=sha256(old / "model.weights.h5"), iterations=700)
        assert int(wk.from_preset(old).average_steps) == 700


def test_the_table_says_which_presets_a_gpu_trained():
    training = {row[0]: row[-1] for row in table.rows()}
    assert training["wgan_gp_avatars"] == "7 min on a GPU" and training["wgan_gp_fashion_mnist"] == "3 h 27 min"


def test_a_home_of_ones_own(model, recipe, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    presets.save(model, recipe, "~/mine")
    assert (tmp_path / "mine/config.json").exists()
    assert np.array_equal(wk.from_preset("~/mine").sample(9, seed=1), model.sample(9, seed=1))


def test_of_processes_that_train_together_the_first_alone_writes(model, recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "writes", lambda: False)
    presets.save(model, recipe, tmp_path / "second")
    assert list(tmp_path.iterdir()) == []


def test_a_kill_between_the_files_leaves_no_recipe_with_anothers_weights(model, saved, recipe, tmp_path, monkeypatch):
    """Whichever file is the last to take its place: the old preset, the new one, or a refusal."""
    other = dataclasses.replace(recipe, game={"name": "wgan", "ema_decay": 0.9})
    new, replace = other.compile(other.build()), os.replace
    for kill_at in range(1, 4):
        folder = shutil.copytree(saved, tmp_path / str(kill_at))
        calls = iter(range(1, 4))

        def killed(source, target, calls=calls, kill_at=kill_at):
            if pathlib.Path(target).name in files.FILES and next(calls) == kill_at:
                raise KeyboardInterrupt
            replace(source, target)

        monkeypatch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            presets.save(new, other, folder)
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


def test_its_own_class_takes_it(saved):
    assert type(wk.WGANGP.from_preset(str(saved))) is wk.WGANGP


def test_a_run_means_the_preset_in_it(saved, tmp_path):
    shutil.copytree(saved, tmp_path / "run/preset")
    assert wk.from_preset(tmp_path / "run").gradient_penalty_weight == 0.1


def test_loading_leaves_seed_and_dtype_policy_alone(saved, change, tmp_path, policy):
    shutil.copytree(saved, tmp_path / "half")
    change(tmp_path / "half", "config.json", dtype_policy="mixed_bfloat16")
    keras.utils.set_random_seed(5)
    expected = np.random.random()
    keras.utils.set_random_seed(5)
    model = wk.from_preset(tmp_path / "half")
    assert np.random.random() == expected
    assert keras.config.dtype_policy().name == "float32"
    assert model.generator.layers[1].dtype_policy.name == "mixed_bfloat16"


def test_every_form_of_name_gives_the_recipe(saved, recipe, tmp_path):
    recipe.save(tmp_path / "run/config.json")  # a run that has no preset yet
    names = (saved, str(saved), saved / "config.json", tmp_path / "run")
    assert all(presets.open_recipe(name) == recipe for name in names)
