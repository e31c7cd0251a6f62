"""A folder of pictures of mixed sizes and modes as one array."""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from PIL import Image

from wgan_keras import memory
from wgan_keras._types import PathLike
from wgan_keras.data import folder_classes, pictures

EXTENSIONS = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp")
TEST_EVERY = 10  # pictures 10, 20, 30, ... in sorted order are the test split
_NAMED = 10  # unreadable files named in an error
_CLASSES = 100  # named in a report

Progress: TypeAlias = Callable[..., Iterable[Any]]  # as `tqdm.tqdm`


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
            lines.append(f"left out: {_counted(self.left_out)}")
        return "\n".join(lines + [f"unreadable: {name}: {reason}" for name, reason in self.unreadable])


def _class_text(counts):
    if len(counts) > _CLASSES:
        return f" of {min(counts.values())} to {max(counts.values())} pictures"
    return ": " + ", ".join(f"{name} {count}" for name, count in counts.items())


def _silent(items, total=None, desc=None):
    return items


class Listing(NamedTuple):
    """What lies below the folder `root`: picture files, sorted by their paths, and {kind: how many} of all else."""

    root: Path
    files: list[Path]
    left_out: dict[str, int]


def list_pictures(path: PathLike, progress: Progress = _silent) -> Listing:
    """The pictures below a folder.

    Hidden files are passed over. Links to files are followed, links to folders are not.
    """
    root = Path(path).expanduser()
    if not root.is_dir():
        raise FileNotFoundError(f"no folder {root}; expected a folder of pictures")
    if root.resolve().parent == root.resolve():
        raise ValueError(f"{root} is the root of all files; expected a folder of pictures below it")
    names: list[str] = []
    left_out: Counter[str] = Counter()
    for file in progress(root.rglob("*"), desc="files seen"):
        name = file.relative_to(root).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        kind = _kind_left_out(file)
        if kind is None:
            names.append(name)
        elif kind:
            left_out[kind] += 1
    if not names:
        rest = f"; it holds {_counted(left_out)}" if left_out else ""
        raise ValueError(f"no pictures in {root}; expected files that end in {', '.join(EXTENSIONS)}{rest}")
    return Listing(root, [root / name for name in sorted(names)], dict(left_out.most_common()))


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


def _counted(kinds):
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items())


def check_folder(path: PathLike, progress: Progress = _silent) -> FolderReport:
    """Decode every picture below a folder and report on them: a `FolderReport`, readable when printed.

    Args:
        path: the folder.
        progress: wraps what takes time, as `tqdm.tqdm(items, total=how_many, desc=what)`.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: it holds no readable picture, or is the root of all files.
    """
    listing = list_pictures(path, progress)
    found, unreadable = for_each(_size_and_mode, listing.files, progress)
    if not found:
        raise ValueError(complaint(listing.root, unreadable, len(unreadable)))
    names = tuple((file.relative_to(listing.root).as_posix(), reason) for file, reason in unreadable)
    return _report(listing, found, names)


def _report(listing, found, unreadable=()):
    sizes = sorted((size for size, _ in found), key=lambda size: size[0] * size[1])
    modes = dict(Counter(mode for _, mode in found).most_common())
    classes, unlabeled = _class_counts(listing)
    return FolderReport(
        listing.root, len(found), sizes[0], sizes[-1], modes, unreadable, listing.left_out, classes, unlabeled
    )


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


def read_folder(path: PathLike, split: str, image_size: int) -> np.ndarray:
    """The pictures of a split: uint8 (N, image_size, image_size, C).

    Test is every 10th picture in sorted order (the 10th, 20th, ...), train the others. C is 1 if all pictures
    of the folder, both splits, are grayscale, else 3. One ValueError names the unreadable files.
    """
    images, _ = read_splits(path, (split,), image_size)
    return images[split]


def read_splits(path, splits, image_size, progress=_silent):
    """({split: images as `read_folder` has them}, `FolderReport`): every picture is decoded once, or not at all."""
    listing = list_pictures(path, progress)
    return _read(listing, _every_tenth(listing.files), splits, image_size, progress)


def read_labeled_splits(path, splits, image_size, progress=_silent):
    """({split: (images, labels int64 (N,))}, `FolderReport`) of a folder with one subfolder a class.

    The splits are those of `read_folder`, but for classes of which they hold no test picture: each such class gives its
    last picture to the test split, unless it has no other.

    Raises:
        ValueError: as `folder_classes.labels_of` and `read_splits` have it.
    """
    listing = list_pictures(path, progress)
    split_of, labels = _labeled(listing)
    images, report = _read(listing, split_of, splits, image_size, progress)
    return {split: (images[split], _only(labels, split_of, split)) for split in splits}, report


def read_labels(path: PathLike, split: str) -> np.ndarray:
    """The labels alone of a split of `read_labeled_splits`: int64 (N,), without decoding a picture."""
    split_of, labels = _labeled(list_pictures(path))
    return _only(labels, split_of, split)


def files_of(path: PathLike, split: str) -> list[Path]:
    """The files of the pictures of `read_folder`, in the same order."""
    files = list_pictures(path).files
    return [file for file, its_split in zip(files, _every_tenth(files), strict=True) if its_split == split]


def _every_tenth(files):
    return ["train" if number % TEST_EVERY else "test" for number in range(1, len(files) + 1)]


def _labeled(listing):
    labels = folder_classes.labels_of(listing.root, listing.files)
    return folder_classes.with_every_class(_every_tenth(listing.files), labels), labels


def _only(labels, split_of, split):
    return labels[np.array(split_of) == split]


def _read(listing, split_of, splits, image_size, progress):
    """({split: images}, `FolderReport`), where `split_of` says the split of each file."""
    path, files = listing.root, listing.files
    for split in splits:
        if split not in split_of:
            raise ValueError(
                f"{path} holds {len(files)} pictures: too few for the {split} split; "
                f"test is every {TEST_EVERY}th picture, train the others"
            )
    counts = {split: split_of.count(split) for split in splits}
    side, total = image_size, sum(counts.values())
    memory.refuse_beyond(total * side * side * 3, f"{total} pictures of {side}x{side}", "choose a smaller image_size")
    images = {split: np.empty((count, side, side, 3), np.uint8) for split, count in counts.items()}

    def read(job):
        file, row = job
        with Image.open(file) as image:  # the header alone, which is enough where another split is wanted
            size, mode, gray = image.size, image.mode, pictures.is_gray(image)
        if row is not None:
            row[:], _ = pictures.read_square(file, side)
        return size, mode, gray

    rows = {split: iter(array) for split, array in images.items()}
    jobs = [(file, next(rows[split]) if split in rows else None) for file, split in zip(files, split_of, strict=True)]
    found, unreadable = for_each(read, jobs, progress)
    if unreadable:
        raise ValueError(complaint(path, [(job[0], reason) for job, reason in unreadable], len(files)))
    if all(gray for *_, gray in found):
        images = {split: array[..., :1].copy() for split, array in images.items()}
    return images, _report(listing, [(size, mode) for size, mode, _ in found])


def _size_and_mode(file):
    with Image.open(file) as image:
        image.load()
        return image.size, image.mode


def for_each(read, jobs, progress=_silent):
    """Run `read` over the jobs in threads: ([result, ...], [(job, reason), ...]), both in the jobs' order."""

    def attempt(job):
        try:
            return read(job), None
        except Exception as error:  # decoders meet broken files with exceptions of every type
            return None, f"{type(error).__name__}: {error}"

    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:  # Pillow decodes outside Python's lock
        outcomes = list(progress(pool.map(attempt, jobs), total=len(jobs), desc="pictures read"))
    results = [result for result, reason in outcomes if reason is None]
    failures = [(job, reason) for job, (_, reason) in zip(jobs, outcomes, strict=True) if reason is not None]
    return results, failures


def complaint(path, unreadable, count):
    named = "; ".join(f"{file} ({reason})" for file, reason in unreadable[:_NAMED])
    more = f"; and {len(unreadable) - _NAMED} more" if len(unreadable) > _NAMED else ""
    return (
        f"{len(unreadable)} of {count} pictures in {path} cannot be read: {named}{more}; "
        "remove or repair them (wgan_keras.data.check_folder lists all)"
    )
