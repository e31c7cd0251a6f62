"""A named data set as numpy arrays, without TensorFlow unless tensorflow-datasets has to read it."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeAlias

import numpy as np

from wgan_keras._schema import Range, expected, fits
from wgan_keras._types import PathLike
from wgan_keras.data.catalog import Folder, dataset, locate
from wgan_keras.data.dataset import SPLITS, check_split
from wgan_keras.data.folder import FolderReport, read_labeled_splits, read_splits
from wgan_keras.data.labels import check_labels, class_names
from wgan_keras.pixels import scale

ImageSize = Annotated[int, Range(at_least=1, at_most=16_384)]  # pixels on a side
# An array, or with labels the pair (array, labels). Any leaves it to the caller, who knows which, to say so.
Loaded: TypeAlias = np.ndarray | Any


def load_arrays(
    name: PathLike,
    split: str = "train",
    data_dir: PathLike | None = None,
    image_size: int | None = None,
    seed: int | None = None,
    *,
    labels: bool = False,
) -> Loaded:
    """The elements of `load` as one numpy array, or with `labels` as two, (images, labels).

    Returns images float32 (N, H, W, C) in [-1, 1], or toy points float32 (N, 2); labels int64 (N,), the i-th that of
    the i-th image. The order is the stored one; with an integer `seed` the train split comes in an order drawn from it.
    Arguments and errors as in `load`.
    """
    loaded = load_raw(name, split, data_dir, image_size, labels=labels)
    arrays = loaded if labels else (loaded,)
    if seed is not None and split == "train":
        order = np.random.default_rng(seed).permutation(len(arrays[0]))
        arrays = tuple(array[order] for array in arrays)
    return (scale(arrays[0]), arrays[1]) if labels else scale(arrays[0])


def load_raw(
    name: PathLike,
    split: str = "train",
    data_dir: PathLike | None = None,
    image_size: int | None = None,
    *,
    labels: bool = False,
) -> Loaded:
    """The same elements before scaling: images uint8 (N, H, W, C) in [0, 255], or points float32 (N, 2).

    Images take a quarter of the memory of `load_arrays`; `stream` takes them as they are. With `labels` (images,
    labels), as `load_arrays` has them. The order is the stored one. Arguments and errors as in `load`.
    """
    check_split(split)
    names = class_names(name) if labels else None  # data without labels are refused before they are fetched
    found = dataset(name)
    location = locate(name, data_dir) or found.fetch()
    own_size = location.kind != "folder"
    if image_size is not None and own_size:
        raise ValueError(f"image_size={image_size} is for folders of pictures; {name} comes in its own size")
    if not own_size and (image_size is not None or found.side is None):
        image_size = check_image_size(image_size, name)
    if names is None:
        return found.read(location, split, image_size)
    images, numbers = found.read_labeled(location, split, image_size)
    check_labels(name, numbers, len(images), names)
    return images, numbers


def load_splits(
    name: PathLike,
    data_dir: PathLike | None = None,
    image_size: int | None = None,
    progress: Callable[..., Iterable] | None = None,
    *,
    labels: bool = False,
) -> tuple[Loaded, Loaded, FolderReport | None]:
    """`load_raw` of both splits, each picture decoded once.

    Args:
        progress: wraps what takes time with a folder of pictures, as `tqdm.tqdm(items, total=how_many, desc=what)`.
        labels: True gives (images, labels) for each split.

    Returns:
        (train, test, the `FolderReport` of a folder of pictures or None). Other arguments and errors as in `load`.
    """
    found = dataset(name)
    if not isinstance(found, Folder):
        train, test = (load_raw(name, split, data_dir, image_size, labels=labels) for split in SPLITS)
        return train, test, None
    locate(name, data_dir)  # refuses a data_dir
    side = check_image_size(image_size, name)
    read = read_labeled_splits if labels else read_splits
    splits, report = read(found.path, SPLITS, side, **({"progress": progress} if progress else {}))
    return splits["train"], splits["test"], report


def sha256(*splits: np.ndarray) -> str:
    """What identifies the arrays of a data set, in hexadecimal: their bytes, in order."""
    digest = hashlib.sha256()
    for array in splits:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def check_image_size(image_size: Any, name: PathLike) -> int:
    """The side in pixels for a folder of pictures; ValueError if it is none."""
    if not fits(image_size, ImageSize):
        raise ValueError(
            f"image_size={image_size!r} for the folder {str(name)!r}; expected the side in pixels of the "
            f"square that every picture becomes, {expected(ImageSize)}, for example image_size=64"
        )
    return image_size
