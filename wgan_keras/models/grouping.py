"""How many batches a step takes while `fit` runs: n_critic may be set when the data are grouped already."""

import contextlib
import itertools

import keras
from keras import ops

from wgan_keras.models.minibatches import inputs_and_targets


class Grouping:
    """The minibatches of a `fit`, of m images, that come in groups of `n`, in groups of as many as a step now takes.

    Nothing is left out and nothing comes twice until a pass over the data ends; the rest, too few for one step, is
    dropped there. Keras counts an epoch's steps before it begins: where these take less than a pass, the next epoch
    goes on with it. Of groups that threads make ahead (`queued`) it cannot: Keras forgets at an epoch's end which ones
    it has not asked for yet.
    """

    def __init__(self, n, m, queued=False):
        self._n, self.m, self._queued = n, m, queued
        self._source = None
        self._rest = []  # minibatches of a group that was taken from the source in part
        self._untouched = True  # whether no step has taken from the source
        self._in_part = False  # whether an epoch may end before the source does

    def groups(self, source, n_critic):
        """An iterator of groups of `n_critic` minibatches from where the data stand.

        Args:
            source: this epoch's iterator of groups of n.

        Raises:
            StopIteration: the pass ends.
            ValueError: a whole pass is too short for one step; steps of fewer minibatches than queued groups have.
        """
        if self._queued and n_critic < self._n:
            raise ValueError(
                f"n_critic was set from {self._n} to {n_critic} within fit, and the PyDataset has several workers, "
                "whose batches would be lost at an epoch's end. Give it workers=1, or set n_critic between two fits."
            )
        if not self._in_part and source is not self._source:
            self._begin(source)
        if source is self._source and n_critic == self._n and not self._rest:
            self._untouched = False
            return source
        self._in_part = True
        groups = self._regrouped(source, n_critic)
        first = next(groups, None)  # here, because Keras's trainers expect one
        if first is not None:
            return itertools.chain([first], groups)
        if self._untouched:
            raise ValueError(
                f"n_critic was set to {n_critic}, and a pass over the data has fewer batches than that, so that no "
                "step is left. Give more images, or make the batch or n_critic smaller."
            )
        raise StopIteration

    def _begin(self, source):
        self._source, self._rest, self._untouched = source, [], True

    def _regrouped(self, following, n_critic):
        while True:
            while len(self._rest) < n_critic:
                group = next(self._source, None)
                if group is not None:
                    self._rest += self._minibatches(group)
                elif following is not self._source:
                    self._begin(following)
                else:
                    return
            taken, self._rest = self._rest[:n_critic], self._rest[n_critic:]
            self._untouched = False
            yield keras.tree.map_structure(lambda *parts: ops.concatenate(parts), *taken)

    def _minibatches(self, group):
        """The n minibatches of a group of images, or of images and labels."""
        split = [ops.split(part, self._n) for part in inputs_and_targets(group) if part is not None]
        return list(zip(*split, strict=True)) if len(split) > 1 else split[0]


class Grouped:
    """For a `keras.Model` with `n_critic`, mixed in before its trainer: within `fit` its steps take groups of it."""

    _grouping = None

    @property
    def batch_size_in_use(self) -> int | None:
        """m, the images of a minibatch, within `fit`; None elsewhere."""
        return None if self._grouping is None else self._grouping.m

    @contextlib.contextmanager
    def grouped(self, m, queued):
        """While data come in groups of `n_critic` as it is at the beginning, each step takes as many as it is then."""
        self._grouping = Grouping(self.n_critic, m, queued)
        try:
            yield
        finally:
            self._grouping = None

    def make_train_function(self, force=False):
        if self.train_function is not None and not force:
            return
        super().make_train_function(force=True)
        step = self.train_function

        def train_function(*arguments):
            *state, batches = arguments  # TensorFlow's variables hold the state
            if self._grouping is not None:
                batches = self._grouping.groups(batches, self.n_critic)
            return step(*state, batches)

        self.train_function = train_function
