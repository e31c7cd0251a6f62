"""Files are written whole or not at all, and opened only when whole."""

import contextlib
import hashlib
import os
import pathlib
import zipfile
import zlib

_MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}  # of a .keras file


class NotWrittenError(OSError):
    """A file could not be written; the message says which and what to do."""


@contextlib.contextmanager
def whole_file(path):
    """Yields a temporary path beside `path` with the same suffixes, and moves it into place when the block succeeds.

    Missing folders are made. A kill, a full disk or an exception leaves the old file as it was.

    Raises:
        NotWrittenError: the folder cannot be written or the disk is full.
    """
    path = pathlib.Path(path)
    if not path.name or path.is_dir():
        raise NotWrittenError(f"{path} is a folder; name a file to write.")
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
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


def load_model(path):
    """A compiled game from a `.keras` file, ready to sample or to train on.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is not a whole `.keras` file.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}; expected a .keras file written by model.save().")
    if not _is_whole(path):
        raise ValueError(
            f"{path} ({path.stat().st_size} bytes) is not a whole .keras file: it was cut short or is something "
            "else. Copy it again, or train again."
        )
    import keras  # here, so that files can be written and hashed without a framework

    import wgan_keras.models  # noqa: F401, registers the games

    model = keras.saving.load_model(path)
    if not hasattr(model, "n_critic"):
        raise ValueError(f"{path} holds a {type(model).__name__}; expected a GAN, WGAN or WGANGP of wgan_keras.")
    return model


def _is_whole(path):
    """Whether the file is a zip archive with a `.keras` file's members, which all have the checksums it says."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None and set(archive.namelist()) >= _MEMBERS
    # What damage can make of an archive: one that asks for other means of unpacking, for a password, for bytes that
    # are not there.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return False


def sha256(path):
    """The file's sha256 in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
