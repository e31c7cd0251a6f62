"""A game from its `.keras` file, which is measured before it is believed."""

import io
import pathlib
import zipfile
from collections.abc import Mapping
from typing import Any

import keras

from wgan_keras._text import listed
from wgan_keras._types import PathLike
from wgan_keras.files import hdf5
from wgan_keras.files.archives import DAMAGE
from wgan_keras.files.descriptions import descriptions, name_of
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
        ValueError: the file is not a whole `.keras` file, or declares more than it holds, or Keras cannot read it; it
            names classes or functions that nothing has registered.
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
    model = _load(path, custom_objects)
    if not hasattr(model, "n_critic"):
        raise ValueError(f"{path} holds a {type(model).__name__}; expected a GAN, WGAN or WGANGP of wgan_keras.")
    return model


def _load(path, custom_objects):
    try:
        with hdf5.keras_errors(path):
            return keras.saving.load_model(path, custom_objects=custom_objects)
    except ValueError as error:
        with zipfile.ZipFile(path) as archive:
            made_of = list(descriptions(parse_json(archive.read("config.json"), f"{path}: config.json")))
        if names := _unregistered(made_of, custom_objects):
            raise ValueError(
                f"{path} could not be loaded: it names {listed(names)}, which nothing here registers; import the "
                "module that does first (in the command: --import FILE), or give custom_objects=."
            ) from error
        if "Lambda" in str(error) and "Lambda" in [each["class_name"] for each in made_of]:
            raise ValueError(
                f"{path} could not be loaded: it holds a Lambda layer, which is code. If you trust the file, call "
                "keras.config.enable_unsafe_deserialization() first."
            ) from error
        raise


def _unregistered(made_of, custom_objects):
    """The names of classes and functions of a user's own that a file is made of and Keras does not know here."""
    own = (name_of(each) for each in made_of if not _of_keras(each))
    known = keras.saving.get_registered_object
    return [name for name in dict.fromkeys(own) if known(name, custom_objects=custom_objects) is None]


def _of_keras(description):
    if description["class_name"] == "function":
        return hasattr(keras.activations, name_of(description))
    return str(description.get("module")).partition(".")[0] in ("keras", "builtins")


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
