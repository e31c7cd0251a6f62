"""A trained model out of a preset's folder, and its recipe."""

import pathlib

import keras

from wgan_keras._types import PathLike
from wgan_keras.files.hdf5 import keras_errors
from wgan_keras.games import GAMES
from wgan_keras.presets import files, store, weights
from wgan_keras.presets.recipe import Recipe


def from_preset(preset: PathLike, game: type = keras.Model) -> keras.Model:
    """A trained model, compiled, its optimizers new.

    `fit` begins a training of its own from these weights: the optimizers' moments and their schedules start afresh. The
    average of the generator goes on, past its warm-up. The generator that trains begins as the average, which a preset
    holds alone; in one of version 0.1 it is there too. A run's gan.keras has both, and all that is needed to resume it.

    Args:
        preset: a name of `wgan_keras.list_presets()`; `hf://user/repo` or `hf://user/repo@revision`; or the folder
            of a preset or of a run.
        game: the class that it must be.

    Raises:
        ValueError: no such preset, one of another class, a recipe or metadata out of form, weights that are not the
            ones the metadata speak of, a file that is a link to outside the folder. Weights are then not opened.
        FileNotFoundError: a folder or a file of it is missing.
        ImportError, ConnectionError: for `hf://`; see `wgan_keras.presets.hub`.
    """
    folder = store.locate(preset)
    files.check_files(folder)
    metadata = files.read_metadata(folder)
    recipe = Recipe.load(folder / files.CONFIG)
    held = GAMES.find(recipe.game["name"])
    if not issubclass(held, game):
        raise ValueError(
            f"{preset} holds a {held.__name__}, not a {game.__name__}; use wgan_keras.from_preset or "
            f"{held.__name__}.from_preset."
        )
    with keras_errors(folder / files.CONFIG, "Copy the preset again."):
        counts = recipe.count_parameters()
    if counts != metadata["parameters"]:
        raise ValueError(
            f"{folder / files.CONFIG} is of networks with {counts} parameters, and {files.METADATA} says "
            f"{metadata['parameters']}; expected the same. Copy the preset again."
        )
    files.check_weights(folder, metadata)
    with keras_errors(folder, "Copy the preset again."):
        model = recipe.build_for_weights()
        weights.load(model, folder / files.WEIGHTS, metadata["iterations"])
        return recipe.compile(model)


def open_recipe(name: PathLike) -> Recipe:
    """The `Recipe` in a JSON file, or of a preset or run by name, folder or `hf://`; errors as in `from_preset`."""
    path = pathlib.Path(name).expanduser()
    if path.suffix == ".json" or path.is_file():
        return Recipe.load(path)
    of_run = store.in_run(name, files.CONFIG)  # which has perhaps no preset yet
    return Recipe.load(of_run or store.locate(name) / files.CONFIG)
