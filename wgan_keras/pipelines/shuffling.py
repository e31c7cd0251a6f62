"""In which order an epoch takes the data: the same on every backend, machine and version of the libraries."""

import numpy as np


def shuffled(n, seed):
    """A function epoch -> permutation of range(n), int64, that depends on (seed, epoch) alone; both from 0 to 2^64.

    Sorting random keys gives every order the same chance. The keys are the raw stream of Philox (Salmon et al., 2011),
    which numpy promises to keep, unlike its `permutation`.
    """

    def order(epoch):
        keys = np.random.Philox(key=np.array([seed, epoch], "uint64")).random_raw(n)
        return np.argsort(keys, kind="stable")

    return order


def stored(n):
    """The same kind of function for data that stay in their order: epoch -> 0, 1, ..., n - 1."""
    return lambda epoch: np.arange(n)
