"""A trained model as a folder that holds no code: the recipe, the weights, and what is known about them.

config.json         the recipe, from which the networks are built by name
model.weights.h5    generator, averaged generator and critic; no optimizer
metadata.json       sha256 of the weights, versions, parameter counts, iterations; in the zoo the scores and more
"""

import contextlib
import json
import os
import pathlib

import keras

import wgan_keras
from wgan_keras import preset_files, preset_metadata
from wgan_keras.games import GAMES
from wgan_keras.recipes import Recipe
from wgan_keras.saving import sha256, whole_file
from wgan_keras.weights_files import keras_errors


def from_preset(preset: str | os.PathLike, game: type = keras.Model) -> keras.Model:
    """A trained model, compiled, its optimizers new.

    `fit` begins a training of its own from these weights: the optimizers' moments, their schedules and the average of
    the generator start afresh, and that average forgets the loaded one within the first steps.

    Args:
        preset: a name of `wgan_keras.list_presets()`; `hf://user/repo`; or the folder of a preset or of a run.
        game: the class that it must be.

    Raises:
        ValueError: no such preset, one of another class, a recipe or metadata out of form, weights that are not the
            ones the metadata speak of, a file that is a link to outside the folder. Weights are then not opened.
        FileNotFoundError: a folder or a file of it is missing.
        ImportError, ConnectionError: for `hf://`; see `wgan_keras.hub`.
    """
    folder = preset_files.locate(preset)
    preset_files.check_files(folder)
    metadata = preset_files.read_metadata(folder)
    recipe = Recipe.load(folder / preset_files.CONFIG)
    held = GAMES.find(recipe.game["name"])
    if not issubclass(held, game):
        raise ValueError(
            f"{preset} holds a {held.__name__}, not a {game.__name__}; use wgan_keras.from_preset or "
            f"{held.__name__}.from_preset."
        )
    with keras_errors(folder / preset_files.CONFIG, "Copy the preset again."):
        counts = recipe.count_parameters()
    if counts != metadata["parameters"]:
        raise ValueError(
            f"{folder / preset_files.CONFIG} is of networks with {counts} parameters, and {preset_files.METADATA} says "
            f"{metadata['parameters']}; expected the same. Copy the preset again."
        )
    preset_files.check_weights(folder, metadata)
    with keras_errors(folder, "Copy the preset again."):
        model = recipe.build_for_weights()
        model.load_weights(folder / preset_files.WEIGHTS)
        return recipe.compile(model)


def open_recipe(name):
    """The `Recipe` in a JSON file, or of a preset or run by name, folder or `hf://`; errors as in `from_preset`."""
    path = pathlib.Path(name).expanduser()
    if path.suffix == ".json" or path.is_file():
        return Recipe.load(path)
    of_run = preset_files.in_run(name, preset_files.CONFIG)  # which has perhaps no preset yet
    return Recipe.load(of_run or preset_files.locate(name) / preset_files.CONFIG)


def save(model, recipe, folder, **known):
    """Writes a model that was built by `recipe` as a preset folder.

    `folder` is made if it is not there. `known` are further fields of metadata.json, see `wgan_keras.preset_metadata`.
    """
    folder = pathlib.Path(folder).expanduser()
    bare = recipe.build_for_weights()
    bare.set_weights(model.get_weights())
    # They take their places when all are written, the last one first: weights that no other file belongs to yet do not
    # agree with the sha256 of the old metadata, and so no recipe is ever opened with another's weights.
    names = (preset_files.METADATA, preset_files.CONFIG, preset_files.WEIGHTS)
    with contextlib.ExitStack() as files:
        metadata, config, weights = (files.enter_context(whole_file(folder / name)) for name in names)
        recipe.save(config)
        bare.save_weights(weights)
        fields = {
            "format": preset_metadata.FORMAT,
            "weights_sha256": sha256(weights),
            "keras": keras.version(),
            "wgan_keras": wgan_keras.__version__,
            "backend": keras.backend.backend(),
            "parameters": {"generator": model.generator.count_params(), "critic": model.critic.count_params()},
            "iterations": int(model.generator_optimizer.iterations.numpy()) if model.compiled else 0,
            **known,
        }
        preset_metadata.check(folder / preset_files.METADATA, fields)
        metadata.write_text(json.dumps(fields, indent=2) + "\n")
