"""The files of a preset, and whether they may be opened. No framework is imported here."""

import pathlib
from typing import Any

import numpy as np

from wgan_keras._types import PathLike
from wgan_keras.files import hdf5
from wgan_keras.files.former_names import presently_named
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import sha256
from wgan_keras.presets import metadata as form

CONFIG, WEIGHTS, METADATA = FILES = ("config.json", "model.weights.h5", "metadata.json")
_NUMBERS = 2  # of a file for each parameter: in version 0.1 the generator's average was beside it
_FORM = 2**24  # bytes for what else a file has


def read_metadata(folder: PathLike) -> dict[str, Any]:
    """What metadata.json of a preset says, checked field by field; see `wgan_keras.presets.metadata`.

    Raises:
        ValueError: not JSON, or fields that no preset has, or values of other kinds.
    """
    path = pathlib.Path(folder) / METADATA
    metadata = presently_named(read_json(path, form.REMEDY))
    form.check(path, metadata)
    return metadata


def check_files(folder: PathLike) -> None:
    """All files of a preset are there, and are that folder's own.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a file is a link to something outside the folder.
    """
    folder = pathlib.Path(folder)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{folder} is no preset: it lacks {', '.join(missing)}.")
    for name in FILES:
        target = (folder / name).resolve()
        if target.parent != folder.resolve():
            raise ValueError(f"{folder / name} is a link to {target}, outside the preset; put the file itself there.")


def check_weights(folder: PathLike, metadata: dict[str, Any]) -> None:
    """The weights are those that the metadata speak of, as many as it says; ValueError if not."""
    weights = pathlib.Path(folder) / WEIGHTS
    parameters = metadata["parameters"]
    limit = 4 * _NUMBERS * sum(parameters.values()) + _FORM
    size = weights.stat().st_size
    if size > limit:
        raise ValueError(
            f"{weights} has {size:,} bytes, and the preset says that it holds {sum(parameters.values()):,} parameters; "
            f"expected at most {limit:,} bytes. Copy the preset again."
        )
    found = sha256(weights)
    if found != metadata["weights_sha256"]:
        raise ValueError(
            f"{weights} has sha256 {found} and the preset says {metadata['weights_sha256']}: it was cut short or "
            "changed. Copy the preset again."
        )
    check_numbers(weights, weights, parameters, "Copy the preset again.")


def check_numbers(weights: pathlib.Path, where: pathlib.Path, parameters: dict[str, int], remedy: str) -> None:
    """A file of weights holds as many numbers as `parameters` says, and none but those a preset may have.

    Args:
        where: what the message calls it.
        remedy: a sentence for the message.

    Raises:
        ValueError: of another number or dtype, or nothing but NaN.
    """
    held = hdf5.check(weights, where, weights.stat().st_size, (np.float32,), remedy)
    other = {role: held.get(role, 0) for role in parameters if held.get(role, 0) != parameters[role]}
    if other:
        raise ValueError(f"{where} holds {other} numbers, and the preset says {parameters}. {remedy}")
