"""Python generators of batches, with either backend: a `Pipeline` for what can be taken only once."""

from wgan_keras.backend import labels
from wgan_keras.backend.py_data import checked_batch, joined, parts_of_batch


def parts(batches, labeled):
    """Batches of images, or of (images, labels) where `labeled`, from those of a user.

    Raises (when a batch is taken):
        ValueError: as `labels.parts`.
    """
    return (parts_of_batch(data, labeled) for data in batches)


def checked(batches, shape, label_kind, not_finite):
    """Batches ((b, *shape) in float32,), or with labels behind, checked when they are taken as by `py_data.checked`.

    Tuples, as Keras wants of generators.
    """
    for k, data in enumerate(batches):
        batch = checked_batch(k, data, shape, label_kind, not_finite)
        yield batch if isinstance(batch, tuple) else (batch,)


def regroup(batches, m, n_critic):
    """Batches of m images -> batches of m * n_critic, the remainder dropped.

    Raises (when it is met):
        ValueError: a batch of another size that is not the last.
    """
    group = []
    for k, batch in enumerate(batches):
        group.append(batch)
        size = labels.length(batch)
        if size != m:
            # A smaller batch is the last one or an error, which the next one tells.
            if size > m or next(batches, None) is not None:
                raise ValueError(
                    f"{labels.OURS}Batch {k} has {size} images and the first {m}; expected one size for all but the "
                    "last."
                )
            return
        if len(group) == n_critic:
            yield joined(group)
            group = []


def endless(batches):
    """ValueError: a generator has one pass, and each trial of a search needs its own."""
    raise ValueError(
        "The data are a Python generator, whose batches can be taken only once, and every trial needs them; expected "
        "an array, or a tf.data.Dataset or keras.utils.PyDataset of batches."
    )
