"""`tf.data.Dataset`s of images, with either backend.

Arrays are gathered by whole blocks of rows: one element at a time costs about seven times as much (60,000 images of
28x28 on two CPU cores: 2.1 s an epoch against 0.3 s).
"""

import itertools
import weakref

import numpy as np
import tensorflow as tf

_BLOCK = 256  # rows gathered at once where no batch size is known


def elements(array, shuffle, seed):
    """The rows of an array one by one; with `shuffle` in another order at every pass."""
    rows, gather = _root(tf.data.Dataset.range(len(array)), array)
    if shuffle:
        rows = rows.shuffle(len(array), seed=seed, reshuffle_each_iteration=True)
    blocks = rows.batch(_BLOCK).map(gather).prefetch(2)
    return _with_length(blocks.unbatch(), len(array))


def batches(array, size, orders):
    """One epoch of full batches a pass over the dataset: pass p in the order `orders(p)`; see `shuffling`."""
    passes = itertools.count()
    root, gather = _root(tf.data.Dataset.range(1), array, lambda _: orders(next(passes)))
    epoch = root.flat_map(_epoch_rows(root, len(array), size))
    return _with_length(_untuned(epoch.map(gather).prefetch(2)), len(array) // size)


def stream(array, size, orders, first_batch=0):
    """Endless full batches, epoch after epoch, epoch e in the order `orders(e)`, from batch `first_batch` on."""
    epoch, skipped = divmod(first_batch, len(array) // size)
    root, gather = _root(tf.data.Dataset.counter(epoch), array, orders)
    rows = root.flat_map(_epoch_rows(root, len(array), size))
    return _with_length(_untuned(rows.skip(skipped).map(gather).prefetch(2)), tf.data.INFINITE_CARDINALITY)


def endless(dataset):
    """The dataset again and again."""
    return dataset.repeat()


def images_only(dataset):
    """Batches x from batches x, (x,), (x, y) or {"image": x, ...}.

    Raises:
        ValueError: dictionaries without "image".
    """
    spec = dataset.element_spec
    if not isinstance(spec, dict):
        return dataset.map(lambda *data: tf.nest.flatten(data)[0])
    if "image" not in spec:
        raise ValueError(f"The dataset's elements hold {', '.join(spec)} and no 'image'; map them to the images.")
    return dataset.map(lambda data: data["image"])


def checked(dataset, shape, not_finite):
    """Batches (b, *shape) in float32, each image checked to be finite while the pipeline runs.

    Raises (then):
        tf.errors.InvalidArgumentError: opens with `not_finite` and names the batch.
    """

    def check(i, images):
        finite = tf.reduce_all(tf.math.is_finite(images))
        message = tf.strings.format(not_finite + ", in batch {}; remove them", i)
        with tf.control_dependencies([tf.debugging.Assert(finite, [message])]):
            return tf.cast(tf.ensure_shape(images, (None, *shape)), tf.float32)

    return dataset.enumerate().map(check)


def regroup(dataset, m, n_critic):
    """Batches of m images -> batches of m * n_critic, the remainder dropped."""
    steps = dataset.rebatch(m * n_critic, drop_remainder=True)
    count = int(dataset.cardinality())
    # rebatch forgets the count. It stays unknown where it hangs on whether the last batch is a smaller one.
    if count > 0 and (count % n_critic or dataset.element_spec.shape[0] is not None):
        steps = _with_length(steps, count // n_critic)
    elif count == tf.data.INFINITE_CARDINALITY:
        steps = _with_length(steps, count)
    return steps.prefetch(tf.data.AUTOTUNE)


class _Source:
    """An array and the orders in which it is taken, held by the first dataset of a pipeline and by nothing else.

    TensorFlow keeps every function that `tf.numpy_function` is given for as long as the process lives. So it is given
    functions of this module alone, which find the source by a number.
    """

    _numbers = itertools.count()
    _by_number: weakref.WeakValueDictionary[int, "_Source"] = weakref.WeakValueDictionary()

    def __init__(self, array, orders):
        self.array, self.orders, self.number = array, orders, next(self._numbers)
        self._by_number[self.number] = self

    @classmethod
    def order(cls, number, epoch):
        return cls._by_number[int(number)].orders(int(epoch))

    @classmethod
    def take(cls, number, rows):
        taken = cls._by_number[int(number)].array[rows]
        return taken.astype(taken.dtype.newbyteorder("="), copy=False)  # TensorFlow takes bytes in any order as its own


_order, _take = _Source.order, _Source.take  # one object each: a bound method is a new one at every look


def _root(dataset, array, orders=None):
    """(dataset, which holds the array; a function from row numbers to rows as float32, uint8 scaled as by `scale`)."""
    dataset.source = source = _Source(array, orders)  # every dataset made from this one refers to it
    number, dtype, shape = source.number, array.dtype, array.shape[1:]

    def gather(rows):
        taken = tf.numpy_function(_take, [number, rows], dtype)
        taken = tf.cast(tf.ensure_shape(taken, (*rows.shape, *shape)), tf.float32)
        return taken / 127.5 - 1.0 if dtype == np.uint8 else taken

    return dataset, gather


def _epoch_rows(root, n, size):
    """A function from an epoch to a dataset of the row numbers of each of its full batches."""
    number, steps = root.source.number, n // size

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
