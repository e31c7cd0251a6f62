"""`tf.data.Dataset`s of images, or of pairs (images, labels), with either backend: a `Pipeline`.

Arrays are gathered by whole blocks of rows: one element at a time costs about seven times as much (60,000 images of
28x28 on two CPU cores: 2.1 s an epoch against 0.3 s).
"""

import itertools
import warnings
import weakref
from typing import Any

import tensorflow as tf

from wgan_keras.backend import labels
from wgan_keras.pipelines.pixels import from_bytes, native
from wgan_keras.pipelines.shuffling import Orders
from wgan_keras.runtime import memory

_BLOCK = 256  # rows gathered at once where no batch size is known
# Nothing here branches on a tensor. To look whether it does takes 0.3 s of a process's first `fit`.
_as_written = tf.autograph.experimental.do_not_convert


def elements(data, shuffle, seed):
    """The rows of an array, or of a pair of them, one by one; with `shuffle` in another order at every pass."""
    n = labels.length(data)
    rows, gather = _root(tf.data.Dataset.range(n), data)
    if shuffle:
        rows = rows.shuffle(n, seed=seed, reshuffle_each_iteration=True)
    blocks = rows.batch(_BLOCK).map(gather).prefetch(2)
    return _with_length(blocks.unbatch(), n)


def batches(data: Any, size: int, orders: Orders) -> tf.data.Dataset:
    """One epoch of full batches a pass over the dataset: pass p in the order `orders(p)`; see `shuffling`."""
    passes = itertools.count()
    root, gather = _root(tf.data.Dataset.range(1), data, lambda _: orders(next(passes)))
    epoch = root.flat_map(_epoch_rows(root, labels.length(data), size))
    return _with_length(_untuned(epoch.map(gather).prefetch(2)), labels.length(data) // size)


def stream(data: Any, size: int, orders: Orders, first_batch: int = 0) -> tf.data.Dataset:
    """Endless full batches, epoch after epoch, epoch e in the order `orders(e)`, from batch `first_batch` on."""
    epoch, skipped = divmod(first_batch, labels.length(data) // size)
    root, gather = _root(tf.data.Dataset.counter(epoch), data, orders)
    rows = root.flat_map(_epoch_rows(root, labels.length(data), size))
    return _with_length(_untuned(rows.skip(skipped).map(gather).prefetch(2)), tf.data.INFINITE_CARDINALITY)


def endless(dataset):
    """The dataset again and again."""
    return dataset.repeat()


def parts(dataset, labeled):
    """Batches of images, or of (images, labels) where `labeled`, from those of a user; see `labels.parts`."""
    spec = tf.nest.map_structure(lambda each: None if each.is_compatible_with(None) else each, dataset.element_spec)
    labels.parts(spec if isinstance(spec, dict | tuple | list) else [spec], labeled)  # says at once what is wrong
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has been said
        return dataset.map(_as_written(lambda *data: labels.parts(data[0] if len(data) == 1 else data, labeled)))


def checked(dataset, shape, label_kind, not_finite):
    """Batches (b, *shape) in float32, each image checked to be finite while the pipeline runs.

    Labels beside them are checked to be of `label_kind`, a `labels.LabelKind` that has their shape.

    Raises (then):
        tf.errors.InvalidArgumentError: opens with `not_finite`, or with `labels.OURS`, and names the batch.
    """

    @_as_written
    def check(i, data):
        images, *rest = data if isinstance(data, tuple) else (data,)
        finite = tf.reduce_all(tf.math.is_finite(images))
        message = tf.strings.format(not_finite + ", in batch {}; remove them", i)
        with tf.control_dependencies([tf.debugging.Assert(finite, [message])]):
            images = tf.cast(tf.ensure_shape(images, (None, *shape)), tf.float32)
        return (images, *(_checked_labels(i, each, label_kind) for each in rest)) if rest else images

    return dataset.enumerate().map(check)


def _checked_labels(i, given, kind):
    given = tf.ensure_shape(given, (None, *kind.shape))  # which functions of Python do not say
    if kind.are_vectors(kind.shape, given.dtype.is_integer):
        right, was = tf.reduce_all(tf.math.is_finite(tf.cast(given, tf.float64))), "NaN or infinity"
    else:
        numbers = tf.cast(tf.reshape(given, (-1,)), tf.int64)  # as -1 is none of some dtypes
        outside = (numbers < kind.lowest) | (numbers >= kind.width)
        right, was = ~tf.reduce_any(outside), numbers[tf.argmax(tf.cast(outside, tf.int32))]
    message = tf.strings.format(f"{labels.OURS}Batch {{}}: A label is {{}}; expected {kind}", (i, was))
    with tf.control_dependencies([tf.debugging.Assert(right, [message])]):
        return tf.identity(given)


def regroup(dataset, m, n_critic):
    """Batches of m images -> batches of m * n_critic, the remainder dropped."""
    steps = dataset.rebatch(m * n_critic, drop_remainder=True)
    count = int(dataset.cardinality())
    # rebatch forgets the count. It stays unknown where it hangs on whether the last batch is a smaller one.
    first = tf.nest.flatten(dataset.element_spec)[0]
    if count > 0 and (count % n_critic or first.shape[0] is not None):
        steps = _with_length(steps, count // n_critic)
    elif count == tf.data.INFINITE_CARDINALITY:
        steps = _with_length(steps, count)
    return steps.prefetch(tf.data.AUTOTUNE)


class _Source:
    """Arrays of one length and the orders in which they are taken, held by a pipeline's first dataset and nothing else.

    TensorFlow keeps every function that `tf.numpy_function` is given for as long as the process lives. So it is given
    functions of this module alone, which find the source by a number.
    """

    _numbers = itertools.count()
    _by_number: weakref.WeakValueDictionary[int, "_Source"] = weakref.WeakValueDictionary()

    def __init__(self, arrays, orders):
        self.arrays, self.orders, self.number = arrays, orders, next(self._numbers)
        self._by_number[self.number] = self

    @classmethod
    def order(cls, number, epoch):
        return cls._by_number[int(number)].orders(int(epoch))

    @classmethod
    def take(cls, number, part, rows):
        array = cls._by_number[int(number)].arrays[int(part)]
        taken = array[rows]
        memory.release(array)
        return native(taken)


_order, _take = _Source.order, _Source.take  # one object each: a bound method is a new one at every look


def _root(dataset, data, orders=None):
    """(dataset, which holds the data; a function from row numbers to rows as float32, uint8 scaled as by `scale`).

    Labels, the second of a pair, are taken as they are.
    """
    arrays = data if isinstance(data, tuple) else (data,)
    dataset.source = source = _Source(arrays, orders)  # every dataset made from this one refers to it
    number, forms = source.number, [(array.dtype, array.shape[1:]) for array in arrays]

    def take(part, rows):
        dtype, shape = forms[part]
        taken = tf.numpy_function(_take, [number, part, rows], dtype)
        return tf.ensure_shape(taken, (*rows.shape, *shape))

    @_as_written
    def gather(rows):
        images = take(0, rows)
        scaled = tf.cast(images, tf.float32)
        images = from_bytes(scaled) if images.dtype == tf.uint8 else scaled
        return images if len(forms) == 1 else (images, take(1, rows))

    return dataset, gather


def _epoch_rows(root, n, size):
    """A function from an epoch to a dataset of the row numbers of each of its full batches."""
    number, steps = root.source.number, n // size

    @_as_written
    def rows(epoch):
        order = tf.numpy_function(_order, [number, epoch], tf.int64)
        return tf.data.Dataset.from_tensor_slices(tf.reshape(order[: steps * size], [steps, size]))

    return rows


def _untuned(dataset):
    """Without tf.data's tuning thread: there is nothing to tune, and the end of a pass may wait seconds for it."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def _with_length(dataset, count):
    return dataset.apply(tf.data.experimental.assert_cardinality(count))
