"""`keras.utils.PyDataset`s of images, or of pairs (images, labels): a `Pipeline` without TensorFlow."""

import functools
import itertools
import warnings
from typing import Any

import keras
import numpy as np

from wgan_keras.backend import labels
from wgan_keras.pipelines.pixels import scale
from wgan_keras.pipelines.shuffling import Orders
from wgan_keras.runtime import memory


class Batches(keras.utils.PyDataset):
    """Batches made when they are asked for.

    Args:
        batch: function k -> the k-th batch, float32 (b, ...).
        count: how many there are; None for no end.
        source: the dataset they are made from, if any, which hears of the beginning and end of every epoch, and says
            how many threads make batches ahead. Processes (`use_multiprocessing`) are not started.
    """

    def __init__(self, batch, count, source=None):
        threads = {} if source is None else {"workers": source.workers, "max_queue_size": source.max_queue_size}
        super().__init__(**threads)
        self._batch = batch
        self._count = count
        self._source = source

    @property
    def num_batches(self):
        return self._count

    def __getitem__(self, k):
        return self._batch(k)

    def on_epoch_begin(self):
        if self._source is not None:
            self._source.on_epoch_begin()

    def on_epoch_end(self):
        if self._source is not None:
            self._source.on_epoch_end()


def batches(data: Any, size: int, orders: Orders) -> Batches:
    """One epoch of full batches a pass over the dataset: pass p in the order `orders(p)`; see `shuffling`."""
    endless, steps = stream(data, size, orders), labels.length(data) // size
    starts, start = itertools.count(0, steps), 0

    def batch(k):
        nonlocal start
        if k == 0:  # where every pass begins
            start = next(starts)
        return endless[start + k]

    return Batches(batch, steps)


def stream(data: Any, size: int, orders: Orders, first_batch: int = 0) -> Batches:
    """Endless full batches, epoch after epoch, epoch e in the order `orders(e)`, from batch `first_batch` on."""
    steps, order = labels.length(data) // size, functools.lru_cache(maxsize=1)(orders)
    images, *others = data if isinstance(data, tuple) else (data,)

    def batch(k):
        epoch, i = divmod(first_batch + k, steps)
        rows = order(epoch)[i * size : (i + 1) * size]
        taken = scale(images[rows]).astype("float32", copy=False)
        memory.release(images)
        return (taken, *(each[rows] for each in others)) if others else taken

    return Batches(batch, None)


def endless(dataset):
    """The dataset again and again, without a last batch that is smaller: `regroup` takes full ones alone."""
    if dataset.num_batches is None:
        return dataset
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of labels, which are looked for later
        images = parts(dataset, labeled=False)
        full = _full(images, len(images[0]))
    return Batches(lambda k: dataset[k % full], None, dataset)


def _full(dataset, m):
    """How many batches hold m images: all, or all but the last, which may be a smaller one."""
    return dataset.num_batches - (labels.length(dataset[dataset.num_batches - 1]) < m)


def parts(dataset, labeled):
    """Batches of images, or of (images, labels) where `labeled`, from those of a user.

    Raises (when a batch is made):
        ValueError: as `labels.parts`.
    """

    def batch(k):
        return parts_of_batch(dataset[k], labeled)

    return Batches(batch, dataset.num_batches, dataset)


def parts_of_batch(data, labeled):
    """`labels.parts` of one batch, as arrays; a list of labels is one."""
    found = labels.parts(data, labeled)
    return tuple(map(np.asarray, found)) if labeled else np.asarray(found)


def checked(dataset, shape, label_kind, not_finite):
    """Batches (b, *shape) in float32, each image checked to be finite when its batch is made.

    Labels beside them are checked as by `labels.LabelKind.check`.

    Raises (then):
        ValueError: another shape, or a message that opens with `not_finite` and names the batch.
    """
    return Batches(lambda k: checked_batch(k, dataset[k], shape, label_kind, not_finite), dataset.num_batches, dataset)


def checked_batch(k, data, shape, label_kind, not_finite):
    """Batch k in float32, checked."""
    images, *rest = data if isinstance(data, tuple) else (data,)
    if images.shape[1:] != shape:
        raise ValueError(f"{labels.OURS}Batch {k} has shape {images.shape}; expected {('batch', *shape)}.")
    if not np.isfinite(images).all():
        raise ValueError(f"{not_finite}, in batch {k}; remove them")
    images = images.astype("float32", copy=False)
    return (images, *(label_kind.check_batch(k, each, len(images)) for each in rest)) if rest else images


def regroup(dataset, m, n_critic):
    """Batches of m images -> batches of m * n_critic, the remainder dropped.

    Raises (when it is met):
        ValueError: a batch of another size that is not the last.
    """
    count = dataset.num_batches
    if count is not None:
        count = _full(dataset, m) // n_critic

    def minibatch(k):
        data = dataset[k]
        size = labels.length(data)
        if size != m:
            raise ValueError(f"Batch {k} has {size} images and the first {m}; expected one size for all but the last.")
        return data

    return Batches(lambda k: joined([minibatch(k * n_critic + i) for i in range(n_critic)]), count, dataset)


def joined(minibatches):
    """Minibatches of images, or of (images, labels), one after the other as one."""
    return keras.tree.map_structure(lambda *each: np.concatenate(each), *minibatches)
