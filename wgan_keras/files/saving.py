"""Files are written whole or not at all, and opened only when whole."""

import contextlib
import hashlib
import json
import operator
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from wgan_keras._types import PathLike
from wgan_keras.files.contents import Contents
from wgan_keras.files.temporaries import beside
from wgan_keras.runtime import processes


class NotWrittenError(OSError):
    """A file could not be written; the message says which and what to do."""


@contextlib.contextmanager
def whole_file(path: PathLike) -> Iterator[pathlib.Path]:
    """Yields a temporary path beside `path` with the same suffixes, and moves it into place when the block succeeds.

    Missing folders are made. A kill, a full disk or an exception leaves the old file as it was. A link stays: its
    target is replaced. Of processes that train together the first alone writes; what the others do here is thrown away.

    Raises:
        NotWrittenError: the folder cannot be written or the disk is full.
    """
    path = pathlib.Path(path).expanduser()
    if not processes.writes():
        with tempfile.TemporaryDirectory() as folder:
            yield pathlib.Path(folder) / path.name
        return
    if not path.name or path.is_dir():
        raise NotWrittenError(f"{path} is a folder; name a file to write.")
    target = pathlib.Path(os.path.realpath(path))
    temporary = beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, target)
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


def write_json(path: PathLike, value: Any) -> None:
    """Writes a value as indented JSON, whole or not at all; numpy's integers as whole numbers.

    Raises:
        NotWrittenError: see `whole_file`.
    """
    with whole_file(path) as temporary:
        temporary.write_text(json.dumps(value, indent=2, default=operator.index) + "\n")


def as_written(value: Any) -> Any:
    """A value as it comes back from the file of `write_json`: lists in the place of tuples, and keys as strings."""
    return json.loads(json.dumps(value, default=operator.index))


@contextlib.contextmanager
def whole_folder(path: PathLike, contents: Contents) -> Iterator[pathlib.Path]:
    """Yields a temporary path beside `path` for the block to make a folder of, and moves that into place.

    A folder that was there is replaced, and stays as it was if the block fails. A link stays: its target is replaced.

    Raises:
        ValueError: the folder that is there holds something else, see `Contents.check`.
        NotWrittenError: the folder above cannot be written or the disk is full.
    """
    path = pathlib.Path(path).expanduser()
    contents.check(path)
    target = path.resolve()
    temporary = beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        contents.check(path)  # the block may take minutes
        move_folder(temporary, target)
    except NotWrittenError:  # of a file inside the block
        raise
    except OSError as error:
        raise NotWrittenError(
            f"{path} could not be written ({error.strerror or error}). Free some space or choose another folder."
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def move_folder(new: pathlib.Path, path: pathlib.Path) -> None:
    """Puts the folder `new` in the place of what is at `path`, or leaves both as they were.

    Raises:
        OSError: it cannot be moved, as where another process has put a folder there meanwhile.
    """
    former = beside(path)
    if not path.exists():
        os.replace(new, path)
        return
    os.replace(path, former)
    try:
        os.replace(new, path)
    except BaseException:  # Ctrl-C too
        os.replace(former, path)
        raise
    shutil.rmtree(former, ignore_errors=True)


def add_folder(new: pathlib.Path, path: pathlib.Path, is_there: Callable[[], object]) -> None:
    """Puts the folder `new` at `path`, unless another process has brought the same meanwhile: it may be in use.

    Raises:
        OSError: it cannot be moved.
    """
    if is_there():
        return
    try:
        move_folder(new, path)
    except OSError:
        if not is_there():
            raise


def sha256(path: PathLike) -> str:
    """The file's sha256 in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
