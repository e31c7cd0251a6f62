"""A trained game from wherever it lies."""

import pathlib
from typing import Any

from wgan_keras import presets
from wgan_keras._types import PathLike
from wgan_keras.models.loading import load_model
from wgan_keras.presets import store


def open_model(name: PathLike) -> Any:
    """The model in a `.keras` file or in a run's folder, or a preset, as in `presets.from_preset`.

    Of a run it is the state that scored best, as in the run's own preset and samples, or the last if none was scored.
    """
    path = pathlib.Path(name).expanduser()
    if path.suffix == ".keras" or path.is_file():
        return load_model(path)
    of_run = store.in_run(name, "best.keras") or store.in_run(name, "gan.keras")
    return load_model(of_run) if of_run else presets.from_preset(name)
