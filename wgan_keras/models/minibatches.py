"""From what the user gives `fit` to what a step takes: n_critic minibatches of m images, stacked."""

import contextlib
import itertools
import warnings

import keras
import numpy as np
from keras import ops

from wgan_keras import backend
from wgan_keras.models.checks import check_images, check_kind, kind_of
from wgan_keras.shuffling import shuffled, stored

KERAS_BATCH = 32  # images in a batch of an array where none is given

SHORTER = "ataset was expected to contain"  # in tf.data's error of a length that was asserted and is none
# Opens the message of a check inside the input pipeline, whose errors the framework wraps in its own.
OURS = "wgan_keras: "
NOT_FINITE = f"{OURS}NaN or infinity in the images"


def images_of(data):
    """x of x, (x,) or (x, y): labels are ignored."""
    return data[0] if isinstance(data, tuple | list) else data


def for_step(data, model):
    """The images of one step, checked: they split into n_critic minibatches of one size."""
    images = one_batch(data, model)
    n_critic, size = model.n_critic, len(images)
    if size % n_critic:
        raise ValueError(
            f"A training step got {size} images, which do not split into n_critic = {n_critic} minibatches. "
            f"Give it a multiple of {n_critic}; fit() does so by itself."
        )
    return images


def one_batch(data, model):
    """The images of one batch, checked."""
    images = _as_array(data)
    if not len(images):
        raise ValueError("The batch holds 0 images; expected at least 1.")
    return _array(images, len(images), model)


def split(data, n_critic):
    """(n_critic * m, ...) images -> (n_critic, m, ...)."""
    images = images_of(data)
    return ops.reshape(images, (n_critic, -1, *images.shape[1:]))


def hold_out(x, fraction, validation_data):
    """(x, validation data), the last `fraction` of an array held out as `validation_split` says."""
    if not fraction or validation_data is not None:
        return x, validation_data
    if not 0 < fraction < 1:
        raise ValueError(f"validation_split is {fraction}; expected a share between 0 and 1.")
    if backend.pipeline(x) is not None:
        raise ValueError("validation_split needs arrays; for a dataset pass validation_data.")
    images = _as_array(x)
    kept = int(len(images) * (1 - fraction))
    return images[:kept], images[kept:]


class IterationsBefore(keras.callbacks.Callback):
    """How many iterations lie behind a model when training begins.

    Counted when other callbacks may have restored it, so that a training that was interrupted goes on with the orders
    that an uninterrupted one would take.
    """

    count = 0

    def on_train_begin(self, logs=None):
        self.count = int(self.model.generator_optimizer.iterations)

    def on_train_end(self, logs=None):
        self.set_model(None)


def for_training(x, batch_size, shuffle, model):
    """(batches of exactly m * n_critic images, m, callbacks that go with the batches).

    Raises:
        ValueError: fewer images than one step takes, or images of another kind than the generator's.
    """
    pipeline = backend.pipeline(x)
    if pipeline is not None:
        if batch_size is not None:
            raise ValueError("batch_size was given with a dataset; batch the dataset instead: dataset.batch(64).")
        data, first = _dataset(pipeline, x, model, model.n_critic)
        m = len(first[0]) if first else 0
        _check_enough(sum(map(len, first)), m, model.n_critic)
        return pipeline.regroup(data, m, model.n_critic), m, []
    m = KERAS_BATCH if batch_size is None else batch_size
    if m < 1:
        raise ValueError(f"batch_size is {m}; expected at least 1.")
    images = _array(x, m, model)
    _check_enough(len(images), m, model.n_critic)
    size, before = m * model.n_critic, IterationsBefore()
    orders = shuffled(len(images), model.seed % 2**64) if shuffle else stored(len(images))
    # A pass has the order of the iteration at which it begins.
    steps = len(images) // size
    return backend.batches(images, size, lambda k: orders(before.count + k * steps)), m, [before]


def for_validation(data, m, model):
    """Held-out images, checked: a dataset of batches, or an array that Keras takes m at a time; None stays None."""
    if data is None:
        return None
    pipeline = backend.pipeline(data)
    images, first = _dataset(pipeline, data, model, 1) if pipeline is not None else (_array(data, m, model),) * 2
    if not len(first):
        raise ValueError("The held-out data hold 0 images; expected at least 1.")
    return images


def _dataset(pipeline, x, model, n):
    """(x without labels and checked as it runs, its first n batches)."""
    images = pipeline.images_only(x)
    first = [np.asarray(batch) for batch in itertools.islice(images, n)]
    if first:
        check_images(first[0], model.generator)
    if iter(images) is images:  # a generator: what was taken is put back, and no batch is seen before its turn
        images = _in_range(itertools.chain(first, images), *kind_of(model.generator))
    return pipeline.checked(images, model.generator.output_shape[1:], NOT_FINITE), first


def _in_range(batches, shape, activation):
    """The batches, each checked as the first of a dataset is."""
    for k, images in enumerate(batches):
        try:
            if np.isfinite(images).all():  # what is not has a message of its own
                check_kind(images, shape, activation)
        except ValueError as error:
            raise ValueError(f"{OURS}Batch {k} of the generator: {error}") from None
        yield images


@contextlib.contextmanager
def plain_messages(may_run_out):
    """Turns an error of our own check inside the pipeline into one plain ValueError.

    A dataset that `may_run_out` does so without Keras's warning, which comes where it does not know its length.
    """
    try:
        with warnings.catch_warnings():
            if may_run_out:
                warnings.filterwarnings("ignore", "Your input ran out of data")
            yield
    except Exception as error:
        if SHORTER in str(error):
            raise ValueError(
                "The dataset has a batch of fewer images before its last, as one has that is repeated after batching. "
                "Repeat it first, dataset.repeat(k).batch(m), or batch it with drop_remainder=True."
            ) from None
        _, found, message = str(error).partition(OURS)
        if not found:
            raise
        raise ValueError(message.split("\n")[0].split("[[")[0].rstrip(" ]")) from None


def _as_array(x):
    images = images_of(x)
    if not hasattr(images, "__array__"):
        raise TypeError(
            f"The images are a {type(images).__name__}; expected an array (with batch_size), or a tf.data.Dataset, "
            "keras.utils.PyDataset or Python generator of batches."
        )
    return np.asarray(images)


def _array(x, m, model):
    images = _as_array(x)
    if len(images):
        check_images(images[:1024], model.generator)
    for i in range(0, len(images), m):
        if not np.isfinite(images[i : i + m]).all():
            raise ValueError(f"{NOT_FINITE.removeprefix(OURS)}, in batch {i // m} ({m} images each); remove them.")
    return images


def _check_enough(available, m, n_critic):
    needed = max(m, 1) * n_critic
    if available < needed:
        raise ValueError(
            f"The data hold {available} images; one step takes n_critic x batch size = {n_critic} x {m} = {needed}. "
            "Give more images, repeat the dataset, or make the batch or n_critic smaller."
        )
