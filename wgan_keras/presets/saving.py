"""A trained model as a folder that holds no code."""

import contextlib
import json
import pathlib
from typing import Any

import keras

import wgan_keras
from wgan_keras._types import PathLike
from wgan_keras.files.contents import refuse_taken
from wgan_keras.files.saving import sha256, whole_file
from wgan_keras.presets import metadata as form, weights as held
from wgan_keras.presets.files import CONFIG, METADATA, WEIGHTS, check_numbers
from wgan_keras.presets.recipe import Recipe, is_recipe
from wgan_keras.runtime import processes

_OF_OTHERS = ("run.json", "search.json", "gan.keras", "best.keras", "preset")  # of runs and searches
_KEEP = "No preset of it could be opened; model.save('gan.keras') keeps any model."


def refuse_what_is_no_preset(folder: PathLike) -> None:
    """A preset that is saved to `folder` takes the place of nothing but a preset or a recipe.

    Raises:
        FileExistsError: it is the folder of a run or search, or holds such files of something else.
    """
    if not processes.writes():  # its files may be those of the first process, which writes them meanwhile
        return
    folder = pathlib.Path(folder).expanduser()
    if held := [name for name in _OF_OTHERS if (folder / name).exists()]:
        raise FileExistsError(
            f"{folder} holds {', '.join(held)}, as a run or a search does, whose config.json the preset's would "
            "replace; save it to another folder."
        )
    if not is_recipe(folder / CONFIG):
        refuse_taken(folder, (CONFIG, METADATA), "a preset")


def save(model: keras.Model, recipe: Recipe, folder: PathLike, **known: Any) -> None:
    """Writes a model that was built by `recipe` as a preset folder.

    Of an averaged generator it holds the average alone, which is the one that samples: half the bytes. `folder` is
    made if it is not there. `known` are further fields of metadata.json, see `wgan_keras.presets.metadata`.
    Of processes that train together the first alone writes.

    Raises:
        ValueError: weights that no preset has, as in float64 or nothing but NaN.
    """
    if not processes.writes():
        return
    folder = pathlib.Path(folder).expanduser()
    model.follow_until_trained()
    bare = recipe.build_for_weights()
    bare.set_weights(model.get_weights())
    # They take their places when all are written, the last one first: weights that no other file belongs to yet do not
    # agree with the sha256 of the old metadata, and so no recipe is ever opened with another's weights.
    names = (METADATA, CONFIG, WEIGHTS)
    with contextlib.ExitStack() as files:
        metadata, config, weights = (files.enter_context(whole_file(folder / name)) for name in names)
        recipe.save(config)
        held.save(bare, weights)
        parameters = {"generator": model.generator.count_params(), "critic": model.critic.count_params()}
        check_numbers(weights, folder / WEIGHTS, parameters, _KEEP)
        fields = {
            "format": form.FORMAT,
            "weights_sha256": sha256(weights),
            "keras": keras.version(),
            "wgan_keras": wgan_keras.__version__,
            "backend": keras.backend.backend(),
            "parameters": parameters,
            "iterations": model.generator_iterations,
            **known,
        }
        form.check(folder / METADATA, fields)
        metadata.write_text(json.dumps(fields, indent=2) + "\n")
