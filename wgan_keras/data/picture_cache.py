"""Pictures decoded once into a file of the user's cache, which is then mapped into memory instead of read.

An entry is a folder of `images` in the cache. It holds
    pixels          uint8 (N, height, width, channels), and nothing else
    labels.npy      int64 (N,), where the pictures came with labels
    about.json      "version" of this form, "shape", "labels" (whether there are any), "made_of" (a folder), and more
It is made under a temporary name and moved into place when whole: a kill leaves nothing that is taken for whole.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from wgan_keras._progress import Progress, silent
from wgan_keras.data.decoding import attempts
from wgan_keras.files.cache import cache_folder
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import NotWrittenError, add_folder
from wgan_keras.files.temporaries import workshop
from wgan_keras.runtime import memory

_VERSION = 1
_LOOKED_AT = 4096  # bytes of a file
_TO_A_THREAD = 64  # files
_REMEDY = "Set XDG_CACHE_HOME to a folder with room, free some there, or choose a smaller image_size."


class Entry(NamedTuple):
    """The pictures of a set: `images` uint8 (N, height, width, channels), mapped and read-only."""

    images: np.ndarray
    labels: np.ndarray | None
    about: dict[str, Any]


def place(root: Path, files: Sequence[Path], *options: Any, progress: Progress = silent) -> Path:
    """The folder of the entry for some files below `root`, read by `options`, whether or not it is there.

    It is another one when a file has another name, size, time of change or bytes in its middle, as of archives whose
    files all have one time, and the same one when all have moved. Files that cannot be read count by their names;
    they are told of when the entry is made.
    """
    digest = hashlib.sha256(repr(options).encode())
    for file, seen in progress(_looked_at(files), total=len(files), desc="files looked at"):
        digest.update(os.fsencode(f"\n{file.relative_to(root).as_posix()}\0") + seen)
    return cache_folder() / "images" / digest.hexdigest()[:32]


def _looked_at(files):
    """(file, what `_look_at` says of it) of each, some to a thread at a time: to begin one takes longer than a file."""
    some = [files[i : i + _TO_A_THREAD] for i in range(0, len(files), _TO_A_THREAD)]
    for each, seen, _ in attempts(lambda part: list(map(_look_at, part)), some):
        yield from zip(each, seen, strict=True)


def _look_at(file):
    """Its size, time of change and middle bytes: those at its ends are the border, where pictures are alike."""
    try:
        with open(file, "rb", buffering=0) as opened:
            found = os.fstat(opened.fileno())
            opened.seek(max(0, (found.st_size - _LOOKED_AT) // 2))
            return b"%d\0%d\0" % (found.st_size, found.st_mtime_ns) + opened.read(_LOOKED_AT)
    except OSError:
        return b""


def find(folder: Path) -> Entry | None:
    """The entry in a folder; None if it is not there, not whole, or of another version of this form."""
    with contextlib.suppress(OSError, EOFError, ValueError, KeyError, TypeError):
        about = read_json(folder / "about.json")
        shape = tuple(about["shape"])
        labels = np.load(folder / "labels.npy") if about["labels"] else None
        whole = (folder / "pixels").stat().st_size == np.prod(shape) and (labels is None or len(labels) == shape[0])
        if about["version"] == _VERSION and whole:
            return Entry(_mapped(folder / "pixels", shape), labels, about)
    return None


def make(
    folder: Path,
    shape: tuple[int, int, int, int],
    pictures: Iterator[np.ndarray],
    progress: Progress | None = None,
    labels: np.ndarray | None = None,
    **about: Any,
) -> Entry:
    """Writes an entry, in place of one that `find` does not take.

    Args:
        folder: its `place`.
        shape: (N, height, width, channels).
        pictures: their pixels, N times uint8 (height, width, channels).
        progress: wraps the pictures, and is told the bytes and the folder that they are written to; None: a bar.
        labels: int64 (N,), if there are any.
        about: what else is to be known, as JSON has it.

    Raises:
        NotWrittenError: there is too little room, at the beginning or in the middle, or the cache cannot be written.
        Exception: whatever `pictures` raises.
    """
    needed = int(np.prod(shape))
    try:
        with workshop(folder.parent) as work:
            _refuse_beyond_the_disk(needed, folder.parent)
            new = work / "entry"
            new.mkdir()
            desc = f"{memory.size(needed)} into {folder.parent}"
            _write(new / "pixels", (progress or _bar)(pictures, total=shape[0], desc=desc))
            if labels is not None:
                np.save(new / "labels.npy", labels)
            own = {"version": _VERSION, "shape": shape, "labels": labels is not None}
            (new / "about.json").write_text(json.dumps({**about, **own}))
            entry = find(new)
            if entry is None:
                raise ValueError(f"the pictures are not of shape {shape}")
            add_folder(new, folder, lambda: find(folder))
    except NotWrittenError:
        raise
    except OSError as error:
        raise NotWrittenError(
            f"The pictures could not be written to {folder.parent} ({error.strerror or error}); they take "
            f"{memory.size(needed)} there, and what was begun is removed. {_REMEDY}"
        ) from error
    return entry


def _bar(pictures, total, desc):
    from tqdm import tqdm

    return tqdm(pictures, total=total, desc=desc, unit=" pictures")


def _refuse_beyond_the_disk(needed, folder):
    free = shutil.disk_usage(folder).free
    if needed > free:
        kept = sum(path.stat().st_size for path in folder.glob("*/pixels"))
        raise NotWrittenError(
            f"The pictures take {memory.size(needed)} in {folder}, and {memory.size(free)} are free there; sets made "
            f"earlier take {memory.size(kept)}, and can be removed. {_REMEDY}"
        )


def _write(path, pictures: Iterable[np.ndarray]) -> None:
    with open(path, "wb") as file:
        for pixels in pictures:
            file.write(np.ascontiguousarray(pixels).data)
        file.flush()
        os.fsync(file.fileno())  # else a power cut could keep the name and lose the pixels


def _mapped(path, shape):
    # A plain array: slices and copies of a `np.memmap` say that they are mapped too.
    return np.asarray(np.memmap(path, np.uint8, "r", shape=shape))
