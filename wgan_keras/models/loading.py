"""A game from its `.keras` file, which is measured before it is believed."""

import io
import pathlib
import zipfile
from collections.abc import Mapping
from typing import Any

import keras

from wgan_keras._types import PathLike
from wgan_keras.files import hdf5
from wgan_keras.files.archives import DAMAGE
from wgan_keras.files.reading import JSON_LIMIT, parse_json

_MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}  # of a .keras file
_EXPANSION = 50  # of zeros packed again; Keras packs nothing


def load_model(path: PathLike, custom_objects: Mapping[str, Any] | None = None) -> keras.Model:
    """A compiled game from a `.keras` file, ready to sample or to train on.

    Args:
        path: the file.
        custom_objects: {name: class or function} of the networks' own, as in `keras.saving.load_model`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is not a whole `.keras` file, or declares more than it holds, or Keras cannot read it.
    """
    path = pathlib.Path(path).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}; expected a .keras file written by model.save().")
    if oversized := _oversized(path):
        raise ValueError(f"{path} holds {oversized}. Copy it again, or train again.")
    if not _is_whole(path):
        raise ValueError(
            f"{path} ({path.stat().st_size} bytes) is not a whole .keras file: it was cut short or is something "
            "else. Copy it again, or train again."
        )
    _check_archive(path)
    remedy = (
        "Copy the file again; for classes of your own give custom_objects=, or import the module that registers them "
        "first (in the command: --import FILE)."
    )
    with hdf5.keras_errors(path, remedy):
        model = keras.saving.load_model(path, custom_objects=custom_objects)
    if not hasattr(model, "n_critic"):
        raise ValueError(f"{path} holds a {type(model).__name__}; expected a GAN, WGAN or WGANGP of wgan_keras.")
    return model


def _is_whole(path):
    """Whether the file is a zip archive with a `.keras` file's members, which all have the checksums it says."""
    if _oversized(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None and set(archive.namelist()) >= _MEMBERS
    except DAMAGE:
        return False


def _oversized(path):
    """The first member that declares more bytes than a model has, in words; None if there is none.

    Nothing is unpacked for it.
    """
    limit = _EXPANSION * path.stat().st_size + JSON_LIMIT
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except DAMAGE:
        return None
    for member in members:
        most = JSON_LIMIT if member.filename.endswith(".json") else limit
        if member.file_size > most:
            return f"a {member.filename} of {member.file_size:,} bytes; expected at most {most:,}"
    return None


def _check_archive(path):
    """ValueError unless the config is JSON in bounds, and asks for no more than the weights hold."""
    with zipfile.ZipFile(path) as archive:
        config = parse_json(archive.read("config.json"), f"{path}: config.json")
        parse_json(archive.read("metadata.json"), f"{path}: metadata.json")
        weights = archive.read("model.weights.h5")
    held = sum(hdf5.check(io.BytesIO(weights), f"{path}: model.weights.h5", len(weights)).values())
    asked = hdf5.largest_size(config)
    if asked > held:
        raise ValueError(
            f"{path}: config.json asks for a layer of size {asked:,}, and the weights are {held:,} numbers in all; "
            "expected the config that goes with them. Copy it again, or train again."
        )
