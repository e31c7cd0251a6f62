"""From what the user gives `fit` to what a step takes: n_critic minibatches of m images, stacked."""

import contextlib
import itertools
import warnings

import keras
import numpy as np

from wgan_keras import backend
from wgan_keras._schema import whole_number
from wgan_keras.backend.labels import LABELS_LACKING, OURS, check_unweighted, warn_of_labels
from wgan_keras.losses.means import in_float32
from wgan_keras.models.checks import check_images, check_kind, check_least, kind_of, warn_of_half_range
from wgan_keras.models.labels import encode
from wgan_keras.models.pieces import check_divides_into_pieces
from wgan_keras.models.sharing import check_divides
from wgan_keras.pipelines.pixels import native
from wgan_keras.pipelines.shuffling import shuffled, stored
from wgan_keras.runtime import processes

KERAS_BATCH = 32  # images in a batch of an array where none is given

SHORTER = "ataset was expected to contain"  # in tf.data's error of a length that was asserted and is none
NOT_FINITE = f"{OURS}NaN or infinity in the images"


def parts_of(data, width):
    """(images, labels as vectors of `width`) of what a step is given; the labels are None for no width."""
    images, labels = inputs_and_targets(data)
    return in_float32(images), None if width is None else encode(labels, width)


def inputs_and_targets(data):
    """(x, y or None), as Keras calls them, of x, (x,), (x, y) or (x, y, None).

    Raises:
        ValueError: the third, sample_weight, is not None.
    """
    if not isinstance(data, tuple | list):
        return data, None
    check_unweighted(data)
    return data[0], data[1] if len(data) > 1 else None


def together(images, labels):
    """The images, or the pair where there are labels."""
    return images if labels is None else (images, labels)


def for_step(data, model):
    """The images of one step, or (images, labels), checked: they split into n_critic minibatches of one size."""
    batch = one_batch(data, model)
    n_critic, size = model.n_critic, len(inputs_and_targets(batch)[0])
    if size % n_critic:
        raise ValueError(
            f"A training step got {size} images, which do not split into n_critic = {n_critic} minibatches. "
            f"Give it a multiple of {n_critic}; fit() does so by itself."
        )
    check_size(size // n_critic, model)
    return batch


def one_batch(data, model):
    """The images of one batch, or (images, labels), checked."""
    images, _ = _as_arrays(data)
    if not len(images):
        raise ValueError("The batch holds 0 images; expected at least 1.")
    check_least(len(images), model)
    return keras.tree.map_structure(native, _arrays(data, len(images), model))


def split(data, n_critic, width):
    """(images,) or (images, labels as vectors of `width`) of n_critic * m images -> the same, (n_critic, m, ...)."""
    images, labels = inputs_and_targets(data)
    images = backend.stacked(in_float32(images), n_critic)
    return (images,) if width is None else (images, encode(backend.stacked(labels, n_critic), width, axes=2))


def hold_out(data, fraction, validation_data):
    """(data, validation data), the last `fraction` of arrays held out as `validation_split` says."""
    if not fraction or validation_data is not None:
        return data, validation_data
    if not 0 < fraction < 1:
        raise ValueError(f"validation_split is {fraction}; expected a share between 0 and 1.")
    if backend.pipeline(data) is not None:
        raise ValueError("validation_split needs arrays; for a dataset pass validation_data.")
    images, labels = _as_arrays(data)
    kept = int(len(images) * (1 - fraction))
    if labels is None:
        return images[:kept], images[kept:]
    return (images[:kept], labels[:kept]), (images[kept:], labels[kept:])


class IterationsBefore(keras.callbacks.Callback):
    """How many iterations lie behind a model when training begins.

    Counted when other callbacks may have restored it, so that a training that was interrupted between whole passes goes
    on with the orders that an uninterrupted one would take. With `steps_per_epoch` below a pass it takes others.
    """

    count = 0

    def on_train_begin(self, logs=None):
        self.count = self.model.generator_iterations

    def on_train_end(self, logs=None):
        self.set_model(None)


def for_training(data, batch_size, shuffle, model):
    """(batches of exactly m * n_critic images, m, callbacks that go with the batches).

    Raises:
        ValueError: fewer images than one step takes, or images or labels of another kind than the networks'.
    """
    pipeline = backend.pipeline(data)
    if pipeline is not None:
        if batch_size is not None:
            raise ValueError("batch_size was given with a dataset; batch the dataset instead: dataset.batch(64).")
        batches, first = _dataset(pipeline, data, model, model.n_critic)
        m = len(first[0]) if first else 0
        _check_enough(sum(map(len, first)), m, model)
        warn_of_half_range(first, model.generator)
        return pipeline.regroup(batches, m, model.n_critic), m, []
    m = KERAS_BATCH if batch_size is None else whole_number("batch_size", batch_size)
    if m < 1:
        raise ValueError(f"batch_size is {m}; expected at least 1.")
    arrays = _arrays(data, m, model)
    images, _ = inputs_and_targets(arrays)
    count = len(images)
    _check_enough(count, m, model)
    warn_of_half_range([images[:1024]], model.generator)
    size, before = m * model.n_critic, IterationsBefore()
    orders = shuffled(count, model.seed % 2**64) if shuffle else stored(count)
    # A pass has the order of the iteration at which it begins.
    steps = count // size
    return backend.batches(arrays, size, lambda k: orders(before.count + k * steps)), m, [before]


def for_validation(data, m, model):
    """Held-out data, checked: a dataset of batches, or arrays that Keras takes m at a time; None stays None.

    The last batch may be smaller than losses can be made of: `validation_step` leaves it out.
    """
    if data is None:
        return None
    pipeline = backend.pipeline(data)
    if pipeline is not None:
        held_out, first = _dataset(pipeline, data, model, 1)
        count = sum(map(len, first))
    else:
        m = whole_number("The held-out data's batch size", m, at_least=1)
        held_out = keras.tree.map_structure(native, _arrays(data, m, model))
        count = len(inputs_and_targets(held_out)[0])
    if not count:
        raise ValueError("The held-out data hold 0 images; expected at least 1.")
    check_least(count if pipeline is not None else min(m, count), model)
    return held_out


def _dataset(pipeline, data, model, n):
    """(data with the labels that the model takes, checked as it runs; the images of its first n batches)."""
    label_kind = model.label_kind
    batches = pipeline.parts(data, labeled=label_kind is not None)
    first = [keras.tree.map_structure(np.asarray, batch) for batch in itertools.islice(batches, n)]
    if not first:
        return batches, []
    _check_first(first[0], model)
    _, labels = inputs_and_targets(first[0])
    if labels is not None:
        label_kind = label_kind.as_in(labels)
    if iter(batches) is batches:  # a generator: what was taken is put back, and no batch is seen before its turn
        batches = _in_range(itertools.chain(first, batches), *kind_of(model.generator))
    shape = model.generator.output_shape[1:]
    return pipeline.checked(batches, shape, label_kind, NOT_FINITE), [inputs_and_targets(each)[0] for each in first]


def _check_first(batch, model):
    images, labels = inputs_and_targets(batch)
    check_images(images, model.generator)
    if labels is not None:
        model.label_kind.check(labels, len(images))


def _in_range(batches, shape, activation):
    """The batches, each checked as the first of a dataset is."""
    for k, batch in enumerate(batches):
        images, _ = inputs_and_targets(batch)
        try:
            if np.isfinite(images).all():  # what is not has a message of its own
                check_kind(images, shape, activation)
        except ValueError as error:
            raise ValueError(f"{OURS}Batch {k} of the generator: {error}") from None
        yield batch


@contextlib.contextmanager
def running_out(warning):
    """Says what becomes of Keras's warning that data ran out: "ignore", "default", or None for what the user wants.

    It comes as well where nobody asked for more, of a dataset whose length Keras did not know.
    """
    with warnings.catch_warnings():
        if warning is not None:
            warnings.filterwarnings(warning, "Your input ran out of data")
        yield


@contextlib.contextmanager
def plain_messages():
    """Turns an error of our own check inside the pipeline into one plain ValueError."""
    try:
        yield
    except Exception as error:
        if backend.lost_process(error):
            raise ConnectionError(processes.one_is_gone()) from None
        if SHORTER in str(error):
            raise ValueError(
                "The dataset has a batch of fewer images before its last, as one has that is repeated after batching. "
                "Repeat it first, dataset.repeat(k).batch(m), or batch it with drop_remainder=True."
            ) from None
        _, found, message = str(error).partition(OURS)
        if not found:
            raise
        raise ValueError(message.split("\n")[0].split("[[")[0].rstrip(" ]")) from None


def _as_arrays(data):
    """(images, labels or None) as arrays."""
    images, labels = inputs_and_targets(data)
    if labels is not None and backend.pipeline(images) is not None:
        raise ValueError(
            f"Labels were given beside a {type(images).__name__}, which brings them itself; leave them out, and let "
            "its batches be pairs (images, labels)."
        )
    if not hasattr(images, "__array__"):
        raise TypeError(
            f"The images are a {type(images).__name__}; expected an array (with batch_size), or a tf.data.Dataset, "
            "keras.utils.PyDataset or Python generator of batches."
        )
    return np.asarray(images), None if labels is None else np.asarray(labels)


def _arrays(data, m, model):
    """The images, or (images, labels) for a conditional game, as arrays, checked."""
    images, labels = _as_arrays(data)
    if len(images):
        check_images(images[:1024], model.generator)
    for i in range(0, len(images), m):
        if not np.isfinite(images[i : i + m]).all():
            raise ValueError(f"{NOT_FINITE.removeprefix(OURS)}, in batch {i // m} ({m} images each); remove them.")
    if model.label_width is None:
        if labels is not None:
            warn_of_labels()
        return images
    if labels is None:
        raise ValueError(LABELS_LACKING)
    return images, model.label_kind.check(labels, len(images))


def _check_enough(available, m, model):
    needed = max(m, 1) * model.n_critic
    if available < needed:
        raise ValueError(
            f"The data hold {available} images; one step takes n_critic x batch size = {model.n_critic} x {m} = "
            f"{needed}. Give more images, repeat the dataset, or make the batch or n_critic smaller."
        )
    check_size(m, model)


def check_size(m, model):
    """Losses can be made of a minibatch of m; devices can share it, and take their shares in pieces."""
    check_least(m, model)
    check_divides(m, model)
    check_divides_into_pieces(m, model, model.micro_batch)
