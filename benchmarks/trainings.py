"""A training of a benchmark: begun, or gone on with, in a folder of its own."""

import contextlib
import os
import pathlib
import sys

from wgan_keras import load_model, training
from wgan_keras.recipes import Recipe


def finish(recipe: Recipe, folder: pathlib.Path) -> None:
    """Trains by `recipe` in `folder` to the end, quietly; a run that is there is gone on with.

    A signal ends the process, and the next call goes on from the run's last checkpoint.

    Raises:
        FileExistsError: the folder's run has another recipe.
    """
    begun = (folder / "run.json").exists()
    if begun and Recipe.load(folder / "config.json") != recipe:
        raise FileExistsError(f"{folder} has a run of another recipe. Remove it, and it begins anew.")
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        _, stopped = training.resume(folder) if begun else training.start(recipe, folder)
    if stopped is not None:
        sys.exit(128 + stopped)


def is_over(folder: pathlib.Path) -> bool:
    """Whether the folder's run came to the end of its recipe; one that was stopped has a preset too."""
    if not (folder / "preset/config.json").exists():
        return False
    return load_model(folder / "gan.keras").generator_iterations == Recipe.load(folder / "config.json").iterations
