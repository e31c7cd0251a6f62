"""A named data set as numpy arrays, without TensorFlow unless tensorflow-datasets has to read it."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import numpy as np

from wgan_keras._schema import Range, expected, fits
from wgan_keras._types import PathLike
from wgan_keras.data.catalog import Folder, dataset, locate
from wgan_keras.data.dataset import DATASETS, DataSet
from wgan_keras.data.folder import FolderReport, read_splits
from wgan_keras.pixels import scale

ImageSize = Annotated[int, Range(at_least=1, at_most=16_384)]  # pixels on a side
SPLITS = ("train", "test")


def load_arrays(
    name: PathLike,
    split: str = "train",
    data_dir: PathLike | None = None,
    image_size: int | None = None,
    seed: int | None = None,
) -> np.ndarray:
    """The elements of `load` as one numpy array.

    Returns images float32 (N, H, W, C) in [-1, 1], or toy points float32 (N, 2). The order is the stored one;
    with an integer `seed` the train split comes in an order drawn from it. Arguments and errors as in `load`.
    """
    array = load_raw(name, split, data_dir, image_size)
    if seed is not None and split == "train":
        array = array[np.random.default_rng(seed).permutation(len(array))]
    return scale(array)


def load_raw(
    name: PathLike, split: str = "train", data_dir: PathLike | None = None, image_size: int | None = None
) -> np.ndarray:
    """The same elements before scaling: images uint8 (N, H, W, C) in [0, 255], or points float32 (N, 2).

    Images take a quarter of the memory of `load_arrays`; `stream` takes them as they are. The order is the
    stored one. Arguments and errors as in `load`.
    """
    _check_split(split)
    found = dataset(name)
    location = locate(name, data_dir) or found.fetch()
    own_size = location.kind != "folder"
    if image_size is not None and own_size:
        raise ValueError(f"image_size={image_size} is for folders of pictures; {name} comes in its own size")
    if not own_size and (image_size is not None or found.side is None):
        image_size = check_image_size(image_size, name)
    return found.read(location, split, image_size)


def load_splits(
    name: PathLike,
    data_dir: PathLike | None = None,
    image_size: int | None = None,
    progress: Callable[..., Iterable] | None = None,
) -> tuple[np.ndarray, np.ndarray, FolderReport | None]:
    """`load_raw` of both splits, each picture decoded once.

    Args:
        progress: wraps what takes time with a folder of pictures, as `tqdm.tqdm(items, total=how_many, desc=what)`.

    Returns:
        (train, test, the `FolderReport` of a folder of pictures or None). Other arguments and errors as in `load`.
    """
    found = dataset(name)
    if not isinstance(found, Folder):
        train, test = (load_raw(name, split, data_dir, image_size) for split in SPLITS)
        return train, test, None
    locate(name, data_dir)  # refuses a data_dir
    side = check_image_size(image_size, name)
    images, report = read_splits(found.path, SPLITS, side, **({"progress": progress} if progress else {}))
    return images["train"], images["test"], report


def sha256(*splits: np.ndarray) -> str:
    """What identifies the arrays of a data set, in hexadecimal: their bytes, in order."""
    digest = hashlib.sha256()
    for array in splits:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def load_labels(name: PathLike, split: str = "train", data_dir: PathLike | None = None) -> np.ndarray:
    """The class of each image of `load_raw`, in the same order: int64 (N,).

    Raises:
        ValueError: data that have no labels.
    """
    _check_split(split)
    found = DATASETS.get(name, DataSet) if isinstance(name, str) else DataSet
    if found.classes is None:
        labeled = ", ".join(each for each, kind in DATASETS.items() if kind.classes is not None)
        raise ValueError(f"{str(name)!r} has no labels; the sets with labels are {labeled}")
    return found().read_labels(locate(name, data_dir) or found().fetch(), split)


def _check_split(split):
    if split not in SPLITS:
        raise ValueError(f"split={split!r}; expected 'train' or 'test'")


def check_image_size(image_size: Any, name: PathLike) -> int:
    """The side in pixels for a folder of pictures; ValueError if it is none."""
    if not fits(image_size, ImageSize):
        raise ValueError(
            f"image_size={image_size!r} for the folder {str(name)!r}; expected the side in pixels of the "
            f"square that every picture becomes, {expected(ImageSize)}, for example image_size=64"
        )
    return image_size
