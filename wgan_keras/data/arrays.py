"""A named data set as numpy arrays, without TensorFlow unless tensorflow-datasets has to read it."""

import hashlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from wgan_keras._progress import Progress
from wgan_keras._text import one_line, shown
from wgan_keras._types import PathLike
from wgan_keras.data.catalog import dataset, locate
from wgan_keras.data.dataset import SPLITS, DataSet, Location, check_split
from wgan_keras.data.folder_report import FolderReport
from wgan_keras.data.labels import check_labels, class_names
from wgan_keras.data.picture_format import PictureFormat, check_image_size
from wgan_keras.pipelines.pixels import Channels, ImageSize, Resize, scale
from wgan_keras.runtime import memory

# An array, or with labels the pair (array, labels). Any leaves it to the caller, who knows which, to say so.
Loaded: TypeAlias = np.ndarray | Any

_KINDS = {2: (np.float32,), 3: (np.float32, np.uint8)}  # by the number of axes: of points, of series
_AT_ONCE = 2**24  # bytes that are hashed before their memory is given back


def load_arrays(
    name: PathLike,
    split: str = "train",
    data_dir: PathLike | None = None,
    image_size: ImageSize | None = None,
    seed: int | None = None,
    *,
    labels: bool = False,
    resize: Resize = "crop",
    channels: Channels | None = None,
) -> Loaded:
    """The elements of `load` as one numpy array, or with `labels` as two, (images, labels).

    Returns images float32 (N, H, W, C) in [-1, 1], or toy points float32 (N, 2); labels int64 (N,), the i-th that of
    the i-th image. The order is the stored one; with an integer `seed` the train split comes in an order drawn from it.
    Arguments and errors as in `load`, and a ValueError for images that this machine's memory cannot hold.
    """
    loaded = load_raw(name, split, data_dir, image_size, labels=labels, resize=resize, channels=channels)
    arrays = loaded if labels else (loaded,)
    memory.refuse_beyond(4 * arrays[0].size, f"{len(arrays[0]):,} images as float32", "use load or stream")
    if seed is not None and split == "train":
        order = np.random.default_rng(seed).permutation(len(arrays[0]))
        arrays = tuple(array[order] for array in arrays)
    return (scale(arrays[0]), arrays[1]) if labels else scale(arrays[0])


def load_raw(
    name: PathLike,
    split: str = "train",
    data_dir: PathLike | None = None,
    image_size: ImageSize | None = None,
    *,
    labels: bool = False,
    resize: Resize = "crop",
    channels: Channels | None = None,
) -> Loaded:
    """The same elements before scaling: images uint8 (N, H, W, C) in [0, 255], or points float32 (N, 2).

    Images take a quarter of the memory of `load_arrays`; `stream` takes them as they are. Pictures that take 64 MiB or
    more, both splits together, come as a read-only array that is mapped from a file of the cache: see `load`. With
    `labels` (images, labels), as `load_arrays` has them. The order is the stored one. Arguments and errors as in
    `load`.
    """
    check_split(split)
    splits, _ = _read(name, (split,), data_dir, (image_size, resize, channels), labels)
    return splits[split]


def load_splits(
    name: PathLike,
    data_dir: PathLike | None = None,
    image_size: ImageSize | None = None,
    progress: Progress | None = None,
    *,
    labels: bool = False,
    resize: Resize = "crop",
    channels: Channels | None = None,
) -> tuple[Loaded, Loaded, FolderReport | None]:
    """`load_raw` of both splits, each picture decoded once.

    Args:
        progress: wraps what takes time with pictures, as `tqdm.tqdm(items, total=how_many, desc=what)`; None shows
            nothing but a bar while a file of the cache is written.
        labels: True gives (images, labels) for each split.

    Returns:
        (train, test, the `FolderReport` of a folder of pictures or None). Other arguments and errors as in `load`.
    """
    splits, report = _read(name, SPLITS, data_dir, (image_size, resize, channels), labels, progress)
    return splits["train"], splits["test"], report


def _read(name, splits: Sequence[str], data_dir, options, labels, progress=None):
    """({split: images or with labels (images, labels)}, `FolderReport` or None)."""
    names = class_names(name, data_dir) if labels else None  # data without labels are refused before they are fetched
    found = dataset(name, data_dir)
    location = locate(name, data_dir) or found.fetch()
    picture_format = _format(found, location, name, *options)
    loaded, report = found.read_splits(location, splits, picture_format, labels, progress)
    for split, made in loaded.items():
        images = made[0] if names is not None and isinstance(made, tuple) else made
        _check_kind(images, type(found).__name__, f"the images of the {split} split of {name}")
        if names is not None:
            check_labels(name, made[1], len(images), names)
    return loaded, report


def _check_kind(images, giver, called):
    """TypeError unless these are pictures, series or points of the type that says so."""
    an_array = isinstance(images, np.ndarray) and images.ndim > 1
    if an_array and images.dtype in _KINDS.get(images.ndim, (np.uint8,)):
        return
    given = f"an array {images.dtype} {images.shape}" if an_array else one_line(shown(images))
    raise TypeError(
        f"{giver} gave {given} for {called}; expected an array, of pictures (n, height, width, channels) in uint8, "
        "series (n, steps, channels) or points (n, width) in float32."
    )


def _format(found: DataSet, location: Location, name, image_size, resize, channels):
    """What the pictures of a set become; None for a set whose images have a size of their own.

    Raises:
        ValueError: a format for such a set, a wrong one, or no size for pictures of many.
    """
    if not found.of_pictures and (resize, channels) != ("crop", None):
        raise ValueError(
            f"resize={resize!r}, channels={channels!r} are for folders of pictures and sets of tensorflow-datasets; "
            f"{name} comes as it is"
        )
    if not found.of_pictures and location.kind != "folder":
        if image_size is not None:
            raise ValueError(f"image_size={image_size} is for folders of pictures; {name} comes in its own size")
        return None
    if image_size is None and not found.of_pictures and found.side is not None:
        return None
    size = check_image_size(found.side if image_size is None else image_size, name)
    return PictureFormat(size, resize, channels)


def sha256(*splits: np.ndarray) -> str:
    """What identifies the arrays of a data set, in hexadecimal: their bytes, in order."""
    digest = hashlib.sha256()
    for array in splits:
        rows = max(1, _AT_ONCE * len(array) // max(1, array.nbytes))
        for start in range(0, len(array), rows):
            part = np.ascontiguousarray(array[start : start + rows])
            digest.update(part.reshape(-1).view(np.uint8).data)  # of bytes: bfloat16 has no buffer of its own
            memory.release(array)
    return digest.hexdigest()
