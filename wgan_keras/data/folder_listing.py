"""Which pictures lie below a folder, and which of them are held out."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wgan_keras._progress import Progress, silent
from wgan_keras._types import PathLike

EXTENSIONS = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp")
TEST_EVERY = 10  # pictures 10, 20, 30, ... in sorted order are the test split


class Listing(NamedTuple):
    """What lies below the folder `root`: picture files, sorted by their paths, and {kind: how many} of all else."""

    root: Path
    files: list[Path]
    left_out: dict[str, int]


def list_pictures(path: PathLike, progress: Progress = silent) -> Listing:
    """The pictures below a folder.

    Hidden files are passed over, and lost+found. Links to files are followed, links to folders are not.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: it holds no pictures, or is the root of all files.
        OSError: a folder below it cannot be listed; the message says which.
    """
    listing = list_any(path, progress)
    if not listing.files:
        rest = f"; it holds {counted(listing.left_out)}" if listing.left_out else ""
        raise ValueError(f"no pictures in {listing.root}; expected files that end in {', '.join(EXTENSIONS)}{rest}")
    return listing


def list_any(path: PathLike, progress: Progress = silent) -> Listing:
    """As `list_pictures`, of a folder that may hold none."""
    root = Path(path).expanduser()
    if not root.is_dir():
        raise FileNotFoundError(f"no folder {root}; expected a folder of pictures")
    if root.resolve().parent == root.resolve():
        raise ValueError(f"{root} is the root of all files; expected a folder of pictures below it")
    names: list[str] = []
    left_out: Counter[str] = Counter()
    for file in progress(_shown_below(root), desc="files seen"):
        kind = _kind_left_out(file)
        if kind is None:
            names.append(file.relative_to(root).as_posix())
        elif kind:
            left_out[kind] += 1
    return Listing(root, [root / name for name in sorted(names)], dict(left_out.most_common()))


def _shown_below(root: Path) -> Iterator[Path]:
    """The files and folders below a folder but for the hidden."""
    for folder, folders, files in os.walk(root, onerror=_refuse_unlisted):
        # `os.walk` goes into these. lost+found is the file system's own, in the folder of a disk, and root's alone.
        folders[:] = [name for name in folders if not name.startswith(".") and name != "lost+found"]
        shown = (name for name in files if not name.startswith("."))
        yield from (Path(folder, name) for name in (*folders, *shown))


def _refuse_unlisted(error: OSError) -> None:
    raise type(error)(
        f"{error.filename} cannot be listed ({error.strerror}), and may hold pictures; make it readable, or move it "
        "elsewhere."
    ) from error


def _kind_left_out(file):
    """None for a picture, "" for a folder, else what it is, in the plural where it has no ending."""
    if file.is_dir():
        return "links to folders" if file.is_symlink() else ""
    if file.is_file():
        suffix = file.suffix.lower()
        return None if suffix in EXTENSIONS else suffix or "files without an ending"
    if file.is_symlink() and not file.exists():
        return "links to nothing"
    return "pipes, sockets or devices"  # to read them could take for ever


def counted(kinds: Mapping[str, int]) -> str:
    """{what: how many} in words."""
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items())


def every_tenth(files: Sequence[Path]) -> list[str]:
    """The split of each picture where nothing but its place decides."""
    return ["train" if number % TEST_EVERY else "test" for number in range(1, len(files) + 1)]


def of_split(numbers: np.ndarray, split_of: Sequence[str], split: str) -> np.ndarray:
    """Those of `numbers`, one a picture, whose picture is of a split."""
    return numbers[np.array(split_of) == split]
