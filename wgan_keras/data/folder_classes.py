"""The classes of a folder of pictures: one subfolder each, as `keras.utils.image_dataset_from_directory` has them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wgan_keras._text import listed
from wgan_keras._types import PathLike

_NAMED = 3  # pictures or classes named in an error


def class_names(path: PathLike) -> tuple[str, ...]:
    """The names of the subfolders, sorted: the i-th is that of label i. Hidden ones are passed over.

    Raises:
        ValueError: there is no subfolder.
    """
    root = Path(path).expanduser()
    names = sorted(each.name for each in root.iterdir() if each.is_dir() and not each.name.startswith("."))
    if not names:
        raise ValueError(f"{root} has no labels: it has no subfolders; {_expected(root)}")
    return tuple(names)


def labels_of(path: PathLike, files: Sequence[Path]) -> np.ndarray:
    """The label of each picture: int64 (N,), the number of its subfolder in the order of `class_names`.

    Args:
        path: the folder.
        files: all pictures in it, at any depth.

    Raises:
        ValueError: no subfolders, a picture outside of them, or a subfolder without a picture.
    """
    root, names = Path(path).expanduser(), class_names(path)
    inside = [file.relative_to(root).parts for file in files]
    outside = [parts[0] for parts in inside if len(parts) == 1]
    if outside:
        raise ValueError(
            f"{root} has no labels: {len(outside)} of its pictures lie in no subfolder ({_few(outside)}); "
            f"{_expected(root)}"
        )
    numbers = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers[parts[0]] for parts in inside], "int64")
    empty = [names[number] for number in np.flatnonzero(np.bincount(labels, minlength=len(names)) == 0)]
    if empty:
        raise ValueError(
            f"{root} has subfolders without a picture: {_few(empty)}; each is a class and needs one at least "
            "(links to folders are not followed). Remove them or put pictures in"
        )
    return labels


def with_every_class(split_of: Sequence[str], labels: np.ndarray) -> list[str]:
    """The split of each picture, changed where labels need it.

    A class without a test picture gives its last one; a class of one picture keeps it in the train split.

    Args:
        split_of: "train" or "test" for each picture.
        labels: the class of each picture, int (N,).
    """
    changed = np.array(split_of, "U5")
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        if len(own) == 1:
            changed[own] = "train"
        elif not (changed[own] == "test").any():
            changed[own[-1]] = "test"
    return changed.tolist()


def _expected(root):
    return f"expected one subfolder a class with its pictures in it, such as {root / 'cat' / '1.png'}"


def _few(names):
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return listed(names[:_NAMED]) + more
