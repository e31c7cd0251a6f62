"""`tf.data.Dataset`s of images, with either backend.

Arrays are gathered by whole blocks of rows: one element at a time costs about seven times as much (60,000 images of
28x28 on two CPU cores: 2.1 s an epoch against 0.3 s).
"""

import itertools

import numpy as np
import tensorflow as tf

_BLOCK = 256  # rows gathered at once where no batch size is known


def elements(array, shuffle, seed):
    """The rows of an array one by one; with `shuffle` in another order at every pass."""
    rows = tf.data.Dataset.range(len(array))
    if shuffle:
        rows = rows.shuffle(len(array), seed=seed, reshuffle_each_iteration=True)
    blocks = rows.batch(_BLOCK).map(_gather(array)).prefetch(2)
    return _with_length(blocks.unbatch(), len(array))


def batches(array, size, orders):
    """One epoch of full batches a pass over the dataset: pass p in the order `orders(p)`; see `shuffling`."""
    passes = itertools.count()
    epoch = tf.data.Dataset.range(1).flat_map(
        lambda _: _rows(tf.numpy_function(lambda: orders(next(passes)), [], tf.int64), len(array), size)
    )
    return _with_length(_untuned(epoch.map(_gather(array)).prefetch(2)), len(array) // size)


def stream(array, size, orders, first_batch=0):
    """Endless full batches, epoch after epoch, epoch e in the order `orders(e)`, from batch `first_batch` on."""
    epoch, skipped = divmod(first_batch, len(array) // size)
    rows = tf.data.Dataset.counter(epoch).flat_map(
        lambda number: _rows(tf.numpy_function(orders, [number], tf.int64), len(array), size)
    )
    return _with_length(_untuned(rows.skip(skipped).map(_gather(array)).prefetch(2)), tf.data.INFINITE_CARDINALITY)


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


def _rows(order, n, size):
    """A dataset of the row numbers of each full batch of an epoch."""
    steps = n // size
    return tf.data.Dataset.from_tensor_slices(tf.reshape(order[: steps * size], [steps, size]))


def _gather(array):
    """A function from row numbers to these rows as float32, uint8 images scaled as `pixels.scale` does."""
    with tf.device("CPU:0"):  # tf.data runs on the CPU, whatever else there is
        source = tf.constant(array)
    scaled = array.dtype == np.uint8

    def gather(rows):
        taken = tf.cast(tf.gather(source, rows), tf.float32)
        return taken / 127.5 - 1.0 if scaled else taken

    return gather


def _untuned(dataset):
    """Without tf.data's tuning thread: there is nothing to tune, and the end of a pass may wait seconds for it."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def _with_length(dataset, count):
    return dataset.apply(tf.data.experimental.assert_cardinality(count))
