"""Files are written whole or not at all, and opened only when whole."""

import contextlib
import hashlib
import io
import os
import pathlib
import zipfile
import zlib

from wgan_keras import weights_files
from wgan_keras._files import JSON_LIMIT, parse_json
from wgan_keras.temporaries import beside

_MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}  # of a .keras file
# What damage can make of an archive: one that asks for other means of unpacking, for a password, for bytes that are
# not there, for names in no encoding.
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_EXPANSION = 50  # of zeros packed again; Keras packs nothing


class NotWrittenError(OSError):
    """A file could not be written; the message says which and what to do."""


@contextlib.contextmanager
def whole_file(path):
    """Yields a temporary path beside `path` with the same suffixes, and moves it into place when the block succeeds.

    Missing folders are made. A kill, a full disk or an exception leaves the old file as it was.

    Raises:
        NotWrittenError: the folder cannot be written or the disk is full.
    """
    path = pathlib.Path(path).expanduser()
    if not path.name or path.is_dir():
        raise NotWrittenError(f"{path} is a folder; name a file to write.")
    temporary = beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except NotWrittenError:  # another file's, inside the block
        raise
    except OSError as error:
        raise NotWrittenError(
            f"{path} could not be written ({error.strerror or error}); what was there before is untouched. "
            "Free some space or choose another folder."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def load_model(path, custom_objects=None):
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
    import keras  # here, so that files can be written and hashed without a framework

    import wgan_keras.models  # noqa: F401, registers the games

    remedy = "Copy the file again; for classes of your own give custom_objects= or register them."
    with weights_files.keras_errors(path, remedy):
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
    except _DAMAGE:
        return False


def _oversized(path):
    """The first member that declares more bytes than a model has, in words; None if there is none.

    Nothing is unpacked for it.
    """
    limit = _EXPANSION * path.stat().st_size + JSON_LIMIT
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _DAMAGE:
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
    held = sum(weights_files.check(io.BytesIO(weights), f"{path}: model.weights.h5", len(weights)).values())
    asked = weights_files.largest_size(config)
    if asked > held:
        raise ValueError(
            f"{path}: config.json asks for a layer of size {asked:,}, and the weights are {held:,} numbers in all; "
            "expected the config that goes with them. Copy it again, or train again."
        )


def sha256(path):
    """The file's sha256 in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
