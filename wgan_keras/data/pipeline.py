"""Pipelines over arrays, in memory or mapped: `load` for `fit`, `stream` for training that resumes exactly."""

from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from wgan_keras._schema import whole_number
from wgan_keras._types import PathLike
from wgan_keras.data.arrays import load_raw
from wgan_keras.pipelines.pixels import Channels, ImageSize, Resize
from wgan_keras.pipelines.shuffling import shuffled

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


def load(
    name: PathLike,
    split: str = "train",
    data_dir: PathLike | None = None,
    image_size: ImageSize | None = None,
    seed: int | None = None,
    *,
    labels: bool = False,
    resize: Resize = "crop",
    channels: Channels | None = None,
) -> "tf.data.Dataset":
    """A data set by name, as a `tf.data.Dataset` of single elements.

    Elements are images float32 (H, W, C) in [-1, 1], or toy points float32 (2,); with `labels` pairs of an image and
    its label, an int64 scalar. `len` of the dataset is known. Batch it for training:
    `load("fashion_mnist").batch(64, drop_remainder=True)`.

    Args:
        name: "fashion_mnist", "mnist", "cifar10"; "emoji" (Noto Emoji, 64x64 in color), "emoji_families" (the same
            characters as four families draw them), "avatars" (12,000 people); "stacked_fashion_mnist" (three garments
            as the channels of one image, 60,000 train and 26,000 test images of 1,000 classes); "eight_gaussians",
            "twenty_five_gaussians", "swiss_roll" (100,000 train and 10,000 test points, the same ones always); the path
            of a folder of pictures; or "tfds:NAME", an image set of tensorflow-datasets, such as "tfds:lsun/bedroom".
        split: "train" is shuffled over the full set, anew each epoch; "test" keeps its order. The test split
            of a folder is every 10th picture in sorted order; with `labels` the last picture of each class that
            would have none there as well, and never the only picture of a class. That of "emoji_families" is every
            10th character, in all families and colors of skin. That of a set "tfds:NAME" is its "test", else its
            "validation", else every 10th of its "train".
        data_dir: for the image sets, a folder with their IDX .gz files in it (not cifar10) or with data
            prepared by tensorflow-datasets below it. None looks in tensorflow-datasets' own folder, then
            (fashion_mnist) in that of Debian's package dataset-fashion-mnist, and at last downloads through
            tensorflow-datasets. For emoji, a folder in which the npm package is unpacked; None looks in
            `~/.cache/wgan_keras`, then downloads through npm. For emoji_families and avatars a copy of their folder
            there; drawings that npm brings are made pixels of in some minutes, which takes resvg_py.
        image_size: for a folder or "tfds:NAME", and required there: the side in pixels of the square that each
            picture becomes, or (height, width); for emoji, emoji_families and avatars 64 if not given. The last two are
            kept at 128 pixels.
        seed: an integer makes the order of the train split the same in every run (given
            `tf.random.set_seed`'s value, if that is used). None: a different order each run.
        labels: True gives (image, label) pairs; `class_names` says what the labels stand for. A folder must have one
            subfolder a class, as for `keras.utils.image_dataset_from_directory`, which numbers them alike.
        resize: for pictures: "crop" scales a picture to cover its image and cuts to the center, "pad" scales it to fit
            in and puts white around it, "stretch" scales height and width apart.
        channels: for pictures: 1 for gray, 3 for color; None for 1 if all are stored as gray, else 3.

    Pictures that take 64 MiB or more as arrays, both splits together, are decoded once into a file in
    `~/.cache/wgan_keras/images` (or below XDG_CACHE_HOME), with a bar that tells its size, and mapped from it from then
    on, so that memory holds little more than a batch. It is made again when a picture came, went or changed.

    Raises:
        ValueError: an unknown name or split, an `image_size` missing or out of place, a damaged file, `labels` of data
            that have none, pictures of a folder that lie in no subfolder, a subfolder without pictures.
        FileNotFoundError: a folder, or a file in `data_dir`, that is not there.
        NotWrittenError: an `OSError`, the disk has no room for that file.
        ConnectionError: the set is neither on this machine nor can it be downloaded.
        ImportError: TensorFlow is not installed; `load_arrays` gives the same elements without it.
    """
    try:
        from wgan_keras.backend import tf_data
    except ImportError as error:
        raise ImportError(
            f"data.load gives a tf.data.Dataset and needs TensorFlow ({error}); "
            "use data.load_arrays, whose arrays fit() takes with a batch_size."
        ) from error
    arrays = load_raw(name, split, data_dir, image_size, labels=labels, resize=resize, channels=channels)
    return tf_data.elements(arrays, split == "train", seed)


def stream(
    array: np.ndarray | tuple[np.ndarray, np.ndarray], batch_size: int, seed: int, first_batch: int = 0
) -> "tf.data.Dataset | keras.utils.PyDataset":
    """Endless shuffled batches, the k-th a function of `(seed, k)` alone: training on them resumes exactly.

    `stream(..., first_batch=k)` goes on where `stream(...)` would be after k batches, at no cost for those
    left out. Each epoch passes over the data in a new order; the rows left over when `batch_size` does not
    divide their number are dropped, and come up in other epochs.

    Args:
        array: images uint8 (N, H, W, C), scaled here to [-1, 1], or float32 (N, ...), taken unchanged; or a pair
            (images, labels), labels (N,) or (N, classes).
        batch_size: rows a batch.
        seed: an integer from 0 to 2^63 - 1.
        first_batch: the number of the first batch, counted from 0 over all epochs.

    Returns an endless dataset of float32 (batch_size, ...), or of pairs of such images and their labels: a
    `tf.data.Dataset` of static shape on Keras's TensorFlow backend, a `keras.utils.PyDataset` of the same batches on
    JAX.

    Raises:
        ValueError: a batch of no or more rows than there are, a pair of unequal lengths, a seed out of range.
    """
    n, batch_size = _rows(array), whole_number("batch_size", batch_size)
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size={batch_size} for {n} rows of data; expected 1 to {n}")
    if not all(isinstance(number, Integral) and 0 <= number < 2**63 for number in (seed, first_batch)):
        raise ValueError(f"seed={seed}, first_batch={first_batch}; expected integers from 0 to 2^63 - 1")
    from wgan_keras import backend

    return backend.stream(array, batch_size, shuffled(n, int(seed)), int(first_batch))


def _rows(array):
    """How many rows an array has, or each of the two of a pair (images, labels)."""
    if not isinstance(array, tuple):
        return len(array)
    counts = [len(each) for each in array]
    if len(counts) != 2 or counts[0] != counts[1]:
        raise ValueError(f"data of {counts} rows; expected an array, or a pair (images, labels) of as many rows each")
    return counts[0]
