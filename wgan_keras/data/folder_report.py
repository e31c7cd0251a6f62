"""What is in a folder of pictures, for people: how many, how large, of which kinds, and what cannot be read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from wgan_keras._progress import Progress, silent
from wgan_keras._types import PathLike
from wgan_keras.data import folder_classes
from wgan_keras.data.decoding import Unreadable, read_all
from wgan_keras.data.folder_listing import Listing, counted, list_pictures
from wgan_keras.data.pictures import flatten, opened, upright

_NAMED = 10  # unreadable files named in an error
_CLASSES = 100  # named in a report


@dataclass(frozen=True)
class FolderReport:
    """What `check_folder` found. `count` is of readable pictures; sizes are (width, height) in pixels."""

    path: Path
    count: int
    smallest: tuple[int, int]  # by area
    largest: tuple[int, int]
    modes: dict[str, int]  # Pillow's mode, such as "RGB" or "P" (palette) -> pictures
    unreadable: tuple[tuple[str, str], ...]  # (path inside the folder, reason)
    left_out: dict[str, int] = field(default_factory=dict)  # what is no picture, such as ".txt" -> how many
    classes: dict[str, int] = field(default_factory=dict)  # name -> pictures, empty for a folder without labels
    unlabeled: str = ""  # why a folder that has subfolders has no labels

    def __str__(self):
        modes = ", ".join(f"{count} {mode}" for mode, count in self.modes.items())
        lines = [
            f"{self.path}: {self.count} pictures, {len(self.unreadable)} unreadable",
            f"sizes: {self.smallest[0]}x{self.smallest[1]} to {self.largest[0]}x{self.largest[1]}",
            f"modes: {modes}",
        ]
        if self.classes:
            lines.append(f"{len(self.classes)} classes{_class_text(self.classes)}")
        if self.unlabeled:
            lines.append(f"no classes: {self.unlabeled}")
        if self.left_out:
            lines.append(f"left out: {counted(self.left_out)}")
        return "\n".join(lines + [f"unreadable: {name}: {reason}" for name, reason in self.unreadable])


def _class_text(counts):
    if len(counts) > _CLASSES:
        return f" of {min(counts.values())} to {max(counts.values())} pictures"
    return ": " + ", ".join(f"{name} {count}" for name, count in counts.items())


class Summary(NamedTuple):
    """Of many pictures: the smallest and largest (width, height) by area, and {Pillow's mode: how many}."""

    smallest: tuple[int, int]
    largest: tuple[int, int]
    modes: dict[str, int]


def summary(sizes: Sequence[tuple[int, int]], modes: Sequence[str]) -> Summary:
    """The `Summary` of pictures of (width, height) and mode each."""
    by_area = sorted(sizes, key=lambda size: size[0] * size[1])
    return Summary(by_area[0], by_area[-1], dict(Counter(modes).most_common()))


def check_folder(path: PathLike, progress: Progress = silent) -> FolderReport:
    """Decode every picture below a folder and report on them: a `FolderReport`, readable when printed.

    Args:
        path: the folder.
        progress: wraps what takes time, as `tqdm.tqdm(items, total=how_many, desc=what)`.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: it holds no readable picture, or is the root of all files.
    """
    listing = list_pictures(path, progress)
    found, unreadable = read_all(_size_and_mode, listing.files, progress)
    if not found:
        raise ValueError(complaint(listing.root, unreadable, len(unreadable)))
    names = tuple((file.relative_to(listing.root).as_posix(), reason) for file, reason in unreadable)
    return report(listing, summary(*zip(*found, strict=True)), len(found), names)


def report(listing: Listing, found: Summary, count: int, unreadable: tuple[tuple[str, str], ...] = ()) -> FolderReport:
    """The `FolderReport` on the pictures of a listing, of which `count` were read."""
    classes, unlabeled = _class_counts(listing)
    rest = (unreadable, listing.left_out, classes, unlabeled)
    return FolderReport(listing.root, count, found.smallest, found.largest, found.modes, *rest)


def _class_counts(listing):
    """({class: pictures}, ""), or ({}, why there are none, "" in a folder without subfolders)."""
    try:
        names = folder_classes.class_names(listing.root)
    except ValueError:
        return {}, ""
    try:
        labels = folder_classes.labels_of(listing.root, listing.files)
    except ValueError as error:
        return {}, str(error)
    return dict(zip(names, np.bincount(labels).tolist(), strict=True)), ""


def sizes_and_modes(listing: Listing, progress: Progress = silent) -> list[tuple[tuple[int, int], str]]:
    """((width, height), Pillow's mode) of each picture, from its first bytes.

    Raises:
        ValueError: names those that cannot be read, which are then looked for to their last bytes.
    """
    found, unreadable = read_all(_header, listing.files, progress, "pictures found")
    if unreadable:
        _, unreadable = read_all(_size_and_mode, listing.files, progress)
        raise ValueError(complaint(listing.root, unreadable, len(listing.files)))
    return found


def _header(file):
    with opened(file) as image:
        return image.size, image.mode


def _size_and_mode(file):
    with opened(file) as image:
        flatten(upright(image))  # what training does may fail where to decode does not
        return image.size, image.mode


def complaint(path: Any, unreadable: Unreadable, count: int) -> str:
    """The message of an error on pictures of `path`, `count` in all, that cannot be read."""
    named = "; ".join(f"{file} ({reason})" for file, reason in unreadable[:_NAMED])
    more = f"; and {len(unreadable) - _NAMED} more" if len(unreadable) > _NAMED else ""
    return (
        f"{len(unreadable)} of {count} pictures in {path} cannot be read: {named}{more}; "
        "remove or repair them (wgan_keras.data.check_folder lists all)"
    )
