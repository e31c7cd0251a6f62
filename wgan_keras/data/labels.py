"""Labels of named data sets and folders: the numbers, and the names of the classes they stand for."""

from collections.abc import Sequence

import numpy as np

from wgan_keras._text import one_line, shown
from wgan_keras._types import PathLike
from wgan_keras.data.catalog import dataset, locate
from wgan_keras.data.dataset import DATASETS, check_split


def load_labels(name: PathLike, split: str = "train", data_dir: PathLike | None = None) -> np.ndarray:
    """The class of each image of `load_raw(..., labels=True)`, in the same order: int64 (N,).

    Arguments and errors as in `load`.
    """
    check_split(split)
    names, found = class_names(name, data_dir), dataset(name, data_dir)
    labels = found.read_labels(locate(name, data_dir) or found.fetch(), split)
    check_labels(name, labels, np.size(labels), names)
    return labels


def load_attribute(
    name: PathLike, attribute: str, split: str = "train", data_dir: PathLike | None = None
) -> np.ndarray:
    """What is known of each image beside its class, such as the family of an emoji, in the order of `load_labels`.

    Args:
        name: of a data set.
        attribute: one of those that `attributes(name)` has.
        split: "train" or "test".
        data_dir: as in `load`.

    Returns:
        The numbers of its values: int64 (N,).

    Raises:
        ValueError: the set has no such attribute. Other errors as in `load`.
    """
    check_split(split)
    known = attributes(name)
    if attribute not in known:
        raise ValueError(f"{str(name)!r} has no attribute {attribute!r}; it has {', '.join(known) or 'none'}")
    found = dataset(name, data_dir)
    numbers = found.read_attribute(locate(name, data_dir) or found.fetch(), split, attribute)
    check_labels(name, numbers, len(numbers), known[attribute])
    return numbers


def attributes(name: PathLike) -> dict[str, tuple[str, ...]]:
    """{attribute: its values, in the order of their numbers} of a data set; of most sets there are none.

    Raises:
        ValueError: an unknown name.
        FileNotFoundError: a folder that does not exist.
    """
    return dict(dataset(name).attributes)


def class_names(name: PathLike, data_dir: PathLike | None = None) -> tuple[str, ...]:
    """The names of the classes of a data set, in the order of its labels 0, 1, 2, ...

    Args:
        name: of a data set, or the path of a folder of pictures, whose classes are its subfolders in sorted order, as
            `keras.utils.image_dataset_from_directory` has them.
        data_dir: as in `load`, for a set of tensorflow-datasets, whose files say its classes.

    Raises:
        ValueError: an unknown name, or data without labels.
        FileNotFoundError: a folder that does not exist.
    """
    names = dataset(name, data_dir).class_names()
    if names is None:
        labeled = ", ".join(each for each, kind in DATASETS.items() if kind.classes is not None)
        raise ValueError(
            f"{str(name)!r} has no labels; the sets with labels are {labeled}, folders with one subfolder a class, and "
            "sets of tensorflow-datasets that have them"
        )
    return names


def check_labels(name: PathLike, labels: np.ndarray, count: int, names: Sequence[str]) -> None:
    """ValueError unless `labels` are as many as the images, `count`, and each the number of one of the `names`."""
    if not isinstance(labels, np.ndarray):
        raise TypeError(
            f"{str(name)!r} has the labels {one_line(shown(labels))}; expected an array of whole numbers of shape "
            f"({count},)"
        )
    if labels.shape != (count,) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{str(name)!r} has labels of shape {labels.shape} and type {labels.dtype} for {count} images; expected "
            f"whole numbers of shape ({count},)"
        )
    if count and not 0 <= labels.min() <= labels.max() < len(names):
        raise ValueError(
            f"{str(name)!r} has labels from {labels.min()} to {labels.max()}; expected 0 to {len(names) - 1}, the "
            "number of its classes less one"
        )
