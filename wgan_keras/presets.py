"""A trained model as a folder that holds no code: the recipe, the weights, and what is known about them.

config.json         the recipe, from which the networks are built by name
model.weights.h5    generator, averaged generator and critic; no optimizer
metadata.json       sha256 of the weights, versions, parameter counts, iterations done
"""

import json
import pathlib

import keras

from wgan_keras.recipes import Recipe
from wgan_keras.saving import sha256, whole_file

FORMAT = 1
_FILES = ("config.json", "model.weights.h5", "metadata.json")


def save(model, recipe, folder):
    """Writes a model that was built by `recipe` as a preset folder."""
    folder = pathlib.Path(folder)
    weights = folder / "model.weights.h5"
    bare = recipe.build()
    bare.set_weights(model.get_weights())
    bare.save_weights(weights)
    recipe.save(folder / "config.json")
    metadata = {
        "format": FORMAT,
        "weights_sha256": sha256(weights),
        "keras": keras.version(),
        "parameters": {"generator": model.generator.count_params(), "critic": model.critic.count_params()},
        "iterations": int(model.generator_optimizer.iterations),
    }
    with whole_file(folder / "metadata.json") as temporary:
        temporary.write_text(json.dumps(metadata, indent=2) + "\n")


def load(folder):
    """The compiled model of a preset folder, its optimizers new.

    Raises:
        FileNotFoundError: a file of the preset is missing.
        ValueError: weights that are not the ones the metadata speak of, or a recipe out of form; nothing is opened.
    """
    folder = pathlib.Path(folder)
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{folder} is no preset: it lacks {', '.join(missing)}.")
    try:
        metadata = json.loads((folder / "metadata.json").read_text())
        expected = metadata["weights_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{folder / 'metadata.json'} is damaged: {error!r}; copy the preset again.") from None
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{folder} has preset format {metadata.get('format')!r}; this version reads {FORMAT}.")
    found = sha256(folder / "model.weights.h5")
    if found != expected:
        raise ValueError(
            f"{folder / 'model.weights.h5'} has sha256 {found} and the preset says {expected}: it was cut short or "
            "changed. Copy the preset again."
        )
    recipe = Recipe.load(folder / "config.json")
    model = recipe.build()
    model.load_weights(folder / "model.weights.h5")
    return recipe.compile(model)
