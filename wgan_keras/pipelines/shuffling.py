"""In which order the data are taken, and some of many: the same on every backend, machine and version of libraries."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

Orders: TypeAlias = Callable[[int], np.ndarray]  # epoch -> the rows in the order in which it takes them


def shuffled(n: int, seed: int) -> Orders:
    """A function epoch -> permutation of range(n), int64, that depends on (seed, epoch) alone; both from 0 to 2^64.

    Sorting random keys gives every order the same chance. The keys are the raw stream of Philox (Salmon et al., 2011),
    which numpy promises to keep, unlike its `permutation`.
    """

    def order(epoch):
        keys = np.random.Philox(key=np.array([seed, epoch], "uint64")).random_raw(n)
        return np.argsort(keys, kind="stable")

    return order


def stored(n: int) -> Orders:
    """The same kind of function for data that stay in their order: epoch -> 0, 1, ..., n - 1."""
    return lambda epoch: np.arange(n)


def subsample(n: int, most: int) -> np.ndarray:
    """At most `most` of the rows 0, 1, ..., n - 1, in their order: the same at every call, from all over them.

    Stored rows may be sorted by class, so that the first are no sample; or repeat, so that every tenth is none either.
    """
    return np.sort(shuffled(n, seed=0)(0)[:most])
