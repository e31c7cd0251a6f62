"""From what the user gives `fit` to what a step takes: n_critic minibatches of m images, stacked."""

import contextlib
import sys

import numpy as np
from keras import ops

from wgan_keras import backend
from wgan_keras.models.checks import check_images

# Opens the message of a check inside the input pipeline, whose errors the framework wraps in its own.
NOT_FINITE = "wgan_keras: NaN or infinity in the images"


def images_of(data):
    """x of x, (x,) or (x, y): labels are ignored."""
    return data[0] if isinstance(data, tuple | list) else data


def check_step(data, n_critic):
    """The images of one step split into n_critic minibatches of one size."""
    size = len(images_of(data))
    if size % n_critic:
        raise ValueError(
            f"A training step got {size} images, which do not split into n_critic = {n_critic} minibatches. "
            f"Give it a multiple of {n_critic}; fit() does so by itself."
        )


def split(data, n_critic):
    """(n_critic * m, ...) images -> (n_critic, m, ...)."""
    images = images_of(data)
    return ops.reshape(images, (n_critic, -1, *images.shape[1:]))


def hold_out(x, fraction, validation_data):
    """(x, validation data), the last `fraction` of an array held out as `validation_split` says."""
    if not fraction or validation_data is not None:
        return x, validation_data
    if _is_dataset(x):
        raise ValueError("validation_split needs arrays; for a dataset pass validation_data.")
    images = np.asarray(images_of(x))
    kept = int(len(images) * (1 - fraction))
    return images[:kept], images[kept:]


def for_training(x, batch_size, shuffle, model):
    """(batches of exactly m * n_critic images, m).

    Raises:
        ValueError: fewer images than one step takes, or images of another kind than the generator's.
    """
    if _is_dataset(x):
        if batch_size is not None:
            raise ValueError("batch_size was given with a dataset; batch the dataset instead: dataset.batch(64).")
        data = backend.images_only(x)
        first = [np.asarray(batch) for batch in data.take(model.n_critic)]
        available = sum(len(batch) for batch in first)
        m = len(first[0]) if first else 0
        if first:
            check_images(first[0], model.generator)
        _check_enough(available, m, model.n_critic)
        return backend.regroup(data, m, model.n_critic, NOT_FINITE), m
    images, m = _array(x, model), batch_size or 32  # Keras's default
    _check_finite(images, m)
    _check_enough(len(images), m, model.n_critic)
    return backend.batches(images, m * model.n_critic, shuffle, model.seed), m


def for_validation(data, batch_size, model):
    """Batches of held-out images, the last one possibly smaller; None stays None."""
    if data is None:
        return None
    if _is_dataset(data):
        return backend.images_only(data)
    images = _array(data, model)
    _check_finite(images, batch_size)
    return backend.batches(images, batch_size, shuffle=False, seed=None, drop_remainder=False)


@contextlib.contextmanager
def readable_errors():
    """Turns an error of our own check inside the pipeline into one plain ValueError."""
    try:
        yield
    except Exception as error:
        _, found, rest = str(error).partition(NOT_FINITE)
        if not found:
            raise
        message = (NOT_FINITE + rest).split("\n")[0].split("[[")[0].rstrip(" ]")
        raise ValueError(message.removeprefix("wgan_keras: ")) from None


def _is_dataset(x):
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and isinstance(x, tensorflow.data.Dataset)


def _array(x, model):
    images = images_of(x)
    if not hasattr(images, "__array__"):
        raise TypeError(
            f"The images are a {type(images).__name__}; expected an array (with batch_size) or a tf.data.Dataset of "
            "batches. Wrap a generator in tf.data.Dataset.from_generator."
        )
    images = np.asarray(images)
    if len(images):
        check_images(images[:1024], model.generator)
    return images


def _check_finite(images, m):
    for i in range(0, len(images), m):
        if not np.isfinite(images[i : i + m]).all():
            raise ValueError(f"{NOT_FINITE.removeprefix('wgan_keras: ')}, in batch {i // m} of {m}; remove them.")


def _check_enough(available, m, n_critic):
    needed = max(m, 1) * n_critic
    if available < needed:
        raise ValueError(
            f"The data hold {available} images; one step takes n_critic x batch size = {n_critic} x {m} = {needed}. "
            "Give more images, repeat the dataset, or make the batch or n_critic smaller."
        )
