"""Python generators of batches, with either backend: the functions of `py_data` for what can be taken only once."""

import numpy as np


def images_only(batches):
    """Batches x from batches x, (x,), (x, y) or {"image": x, ...}.

    Raises (when a batch is taken):
        ValueError: dictionaries without "image".
    """
    for data in batches:
        if isinstance(data, dict):
            if "image" not in data:
                raise ValueError(f"The generator's batches hold {', '.join(data)} and no 'image'; yield the images.")
            yield np.asarray(data["image"])
        else:
            yield np.asarray(data[0] if isinstance(data, tuple | list) else data)


def checked(batches, shape, not_finite):
    """Batches ((b, *shape) in float32,), each image checked to be finite when its batch is taken.

    Tuples, as Keras wants of generators.

    Raises (then):
        ValueError: another shape, or a message that opens with `not_finite` and names the batch.
    """
    for k, images in enumerate(batches):
        if images.shape[1:] != shape:
            raise ValueError(f"wgan_keras: Batch {k} has shape {images.shape}; expected {('batch', *shape)}.")
        if not np.isfinite(images).all():
            raise ValueError(f"{not_finite}, in batch {k}; remove them")
        yield (images.astype("float32", copy=False),)


def regroup(batches, m, n_critic):
    """Batches of m images -> batches of m * n_critic, the remainder dropped.

    Raises (when it is met):
        ValueError: a batch of another size that is not the last.
    """
    group = []
    for k, (images,) in enumerate(batches):
        group.append(images)
        if len(images) != m:
            # A smaller batch is the last one or an error, which the next one tells.
            if len(images) > m or next(batches, None) is not None:
                raise ValueError(
                    f"wgan_keras: Batch {k} has {len(images)} images and the first {m}; expected one size for all but "
                    "the last."
                )
            return
        if len(group) == n_critic:
            yield (np.concatenate(group),)
            group = []
