"""A named data set as numpy arrays, without TensorFlow unless tensorflow-datasets has to read it."""

import hashlib

import numpy as np

from wgan_keras import bounds
from wgan_keras.data import emoji, idx, prepared, toys
from wgan_keras.data.catalog import IMAGE_SETS, locate
from wgan_keras.data.download import fetch
from wgan_keras.data.folder import read_folder
from wgan_keras.pixels import scale

SPLITS = ("train", "test")


def load_arrays(name, split="train", data_dir=None, image_size=None, seed=None):
    """The elements of `load` as one numpy array.

    Returns images float32 (N, H, W, C) in [-1, 1], or toy points float32 (N, 2). The order is the stored one;
    with an integer `seed` the train split comes in an order drawn from it. Arguments and errors as in `load`.
    """
    array = load_raw(name, split, data_dir, image_size)
    if seed is not None and split == "train":
        array = array[np.random.default_rng(seed).permutation(len(array))]
    return scale(array)


def load_raw(name, split="train", data_dir=None, image_size=None):
    """The same elements before scaling: images uint8 (N, H, W, C) in [0, 255], or points float32 (N, 2).

    Images take a quarter of the memory of `load_arrays`; `stream` takes them as they are. The order is the
    stored one. Arguments and errors as in `load`.
    """
    _check_split(split)
    location = locate(name, data_dir)
    if image_size is not None and name in (*IMAGE_SETS, *toys.NAMES):
        raise ValueError(f"image_size={image_size} is for folders of pictures; {name} comes in its own size")
    location = location or fetch(name)
    if location.kind == "folder":
        if image_size is None and name == emoji.NAME:
            image_size = emoji.SIZE
        return read_folder(location.path, split, check_image_size(image_size, name))
    if location.kind == "toy":
        return toys.split_points(name, split)
    if location.kind == "idx":
        return idx.read_images(location.path, split)
    return prepared.read(location.path, split, "image")


def sha256(*splits):
    """What identifies the arrays of a data set, in hexadecimal: their bytes, in order."""
    digest = hashlib.sha256()
    for array in splits:
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def load_labels(name, split="train", data_dir=None):
    """The class of each image of `load_raw`, in the same order: int64 (N,) in [0, 9].

    For fashion_mnist, mnist and cifar10; ValueError for data that has no labels.
    """
    _check_split(split)
    if name not in IMAGE_SETS:
        raise ValueError(f"{str(name)!r} has no labels; the sets with labels are {', '.join(IMAGE_SETS)}")
    location = locate(name, data_dir) or fetch(name)
    if location.kind == "idx":
        return idx.read_labels(location.path, split)
    return prepared.read(location.path, split, "label").astype("int64")


def _check_split(split):
    if split not in SPLITS:
        raise ValueError(f"split={split!r}; expected 'train' or 'test'")


def check_image_size(image_size, name):
    """The side in pixels for a folder of pictures; ValueError if it is none."""
    if not bounds.fits("image_size", image_size):
        raise ValueError(
            f"image_size={image_size!r} for the folder {str(name)!r}; expected the side in pixels of the "
            f"square that every picture becomes, {bounds.BOUNDS['image_size']}, for example image_size=64"
        )
    return image_size
