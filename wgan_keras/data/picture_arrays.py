"""Pictures as arrays: few of them in memory, many mapped from the cache.

What takes less than `LEAST` is decoded in seconds, as often as it is asked for, and leaves nothing on the disk. More is
decoded once, both splits, whichever is asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from wgan_keras._progress import Progress, silent
from wgan_keras.data import picture_cache
from wgan_keras.data.picture_format import PictureFormat
from wgan_keras.files import locks

LEAST = 64 * 2**20  # bytes that go into the cache


class Pictures(Protocol):
    """Pictures that are on this machine, undecoded."""

    @property
    def root(self) -> Path:
        """The folder that they lie in."""

    @property
    def files(self) -> Sequence[Path]:
        """The files that they are made of."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many each of the two splits holds, by its name."""

    def look(self, picture_format: PictureFormat, progress: Progress) -> tuple[PictureFormat, dict[str, Any]]:
        """(the format with its channels, what is to be known of the pictures, as JSON has it), without decoding."""

    def decoded(self, splits: Sequence[str], picture_format: PictureFormat) -> Iterator[np.ndarray]:
        """The pixels of the pictures of some splits, one split after the other."""

    def labels(self) -> np.ndarray | None:
        """Labels that are kept beside the images, of train and then of test: int64 (N,); None for none."""


class Read(NamedTuple):
    """Images uint8 (N, H, W, C) by split, their labels int64 (N,) by split, and what else is known of the pictures."""

    images: dict[str, np.ndarray]
    labels: dict[str, np.ndarray] | None
    about: dict[str, Any]


def read(
    pictures: Pictures, splits: Sequence[str], picture_format: PictureFormat, progress: Progress | None = None
) -> Read:
    """Some splits, or all where the cache holds them.

    Args:
        progress: wraps what takes time; None shows nothing but a bar while the cache is written.

    Raises:
        ValueError: pictures that cannot be read.
        NotWrittenError: the cache cannot be written.
    """
    if picture_format.size(sum(pictures.counts.values())) < LEAST:
        return _in_memory(pictures, splits, picture_format, progress or silent)
    return _in_the_cache(pictures, picture_format, progress)


def _in_memory(pictures: Pictures, splits, picture_format, progress):
    picture_format, about = pictures.look(picture_format, progress)
    counts = {split: pictures.counts[split] for split in splits}
    images = np.empty((sum(counts.values()), *picture_format.shape), np.uint8)
    decoded = progress(pictures.decoded(splits, picture_format), total=len(images), desc="pictures read")
    for pixels, row in zip(decoded, images, strict=True):
        row[...] = pixels
    return Read(_by_split(images, counts), _by_split(pictures.labels(), pictures.counts), about)


def _in_the_cache(pictures: Pictures, picture_format, progress):
    counts = pictures.counts
    of = (pictures.root, pictures.files, picture_format.key, *counts.items())
    place = picture_cache.place(*of, progress=progress or silent)
    entry = picture_cache.find(place)
    if entry is None:
        with locks.turn(place.with_name(f".{place.name}.lock"), f"the same pictures of {pictures.root}"):
            entry = picture_cache.find(place) or _made(pictures, place, picture_format, progress)
    return Read(_by_split(entry.images, counts), _by_split(entry.labels, counts), entry.about)


def _made(pictures: Pictures, place, picture_format, progress):
    counts = pictures.counts
    picture_format, about = pictures.look(picture_format, progress or silent)
    shape = (sum(counts.values()), *picture_format.shape)
    decoded = pictures.decoded(tuple(counts), picture_format)
    about["made_of"] = str(pictures.root.resolve())  # for people who look into the cache
    return picture_cache.make(place, shape, decoded, progress, pictures.labels(), **about)


def _by_split(array, counts):
    """The rows of each split, from those of all splits one after the other; None for none."""
    if array is None:
        return None
    ends = np.cumsum(list(counts.values()))
    return {split: array[end - count : end] for (split, count), end in zip(counts.items(), ends, strict=True)}
