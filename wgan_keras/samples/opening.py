"""A trained game from wherever it lies."""

import pathlib
import re
from typing import Any

from wgan_keras import presets
from wgan_keras._types import PathLike
from wgan_keras.models.loading import load_model
from wgan_keras.presets import store
from wgan_keras.presets.files import CONFIG
from wgan_keras.presets.recipe import Recipe

_OF_RUN = ("best.keras", "gan.keras")


def open_model(name: PathLike) -> Any:
    """The model in a `.keras` file or in a run's folder, or a preset, as in `presets.from_preset`.

    Of a run it is the state that scored best, as in the run's own preset and samples, or the last if none was scored.
    """
    checkpoint = _checkpoint(name)
    return load_model(checkpoint) if checkpoint else presets.from_preset(name)


def file_name(name: PathLike) -> str:
    """What `open_model` opens by this name, as part of a file's name or of a link."""
    return re.sub(r"[^\w.-]+", "-", str(name).removesuffix(".keras")).strip("-.") or "model"


def open_recipe(name: PathLike) -> Recipe | None:
    """The recipe by which the model that `open_model` opens was trained; None where nothing says on which data."""
    checkpoint = _checkpoint(name)
    if checkpoint is None:
        recipe = presets.open_recipe(name)
    elif checkpoint.name in _OF_RUN and (checkpoint.parent / CONFIG).is_file():
        recipe = Recipe.load(checkpoint.parent / CONFIG)
    else:
        return None
    return None if recipe.data is None else recipe


def _checkpoint(name):
    """The path of a `.keras` file; None of a preset."""
    path = pathlib.Path(name).expanduser()
    if path.suffix == ".keras" or path.is_file():
        return path
    return next(filter(None, (store.in_run(name, each) for each in _OF_RUN)), None)
