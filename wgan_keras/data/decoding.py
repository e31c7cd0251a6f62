"""Pictures read on all cores, in their order, as many at a time as memory has room for."""

import collections
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, TypeAlias, TypeVar

import numpy as np

from wgan_keras._progress import Progress, silent
from wgan_keras._types import PathLike
from wgan_keras.data.picture_format import PictureFormat
from wgan_keras.data.pictures import read_picture

Unreadable: TypeAlias = list[tuple[Any, str]]  # (what, why)
Item = TypeVar("Item")

_AHEAD = 4  # items a thread that are read before they are asked for


def attempts(read: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[tuple[Item, Any, str | None]]:
    """(item, what `read` makes of it, None), or (item, None, why it fails), of each item, read in threads.

    Of items without end only a few are taken ahead. Pillow decodes and resizes outside of Python's lock.
    """

    def attempt(item):
        try:
            return item, read(item), None
        except Exception as error:  # decoders meet broken files with exceptions of every type
            return item, None, f"{type(error).__name__}: {error}"

    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    ahead: collections.deque[Future] = collections.deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            ahead.append(pool.submit(attempt, item))
            if len(ahead) > _AHEAD * threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def read_all(
    read: Callable[[Item], Any], items: list[Item], progress: Progress = silent, desc: str = "pictures read"
) -> tuple[list[Any], Unreadable]:
    """([what `read` makes of an item, ...], [(item, why it fails), ...]), both in the order of the items."""
    outcomes = list(progress(attempts(read, items), total=len(items), desc=desc))
    results = [result for _, result, reason in outcomes if reason is None]
    return results, [(item, reason) for item, _, reason in outcomes if reason is not None]


def decoded(
    files: Iterable[tuple[Any, PathLike | IO[bytes]]],
    picture_format: PictureFormat,
    complaint: Callable[[Unreadable], str],
) -> Iterator[np.ndarray]:
    """The pixels of pictures, each uint8 of `picture_format.shape`.

    Args:
        files: (its name, the file) of each.
        complaint: makes a message of those that cannot be read.

    Raises:
        ValueError: when all have been tried, with that message.
    """
    unreadable: Unreadable = []
    for (name, _), pixels, reason in attempts(lambda file: read_picture(file[1], picture_format), files):
        if reason is None:
            yield pixels
        else:
            unreadable.append((name, reason))
    if unreadable:
        raise ValueError(complaint(unreadable))
