"""The labels of a conditional game: a vector for each image, one-hot for classes."""

import keras
import numpy as np
from keras import ops

from wgan_keras import random
from wgan_keras._schema import whole_number
from wgan_keras.models.critic_end import check_unlimited_differences

_SEED_OF_LABELS = 2**40  # added to a seed: labels and latents of one seed are independent


def label_width(generator, critic):
    """The length of the label vectors that the networks take, None for unconditional ones.

    The critic takes them beside the images, or guesses them: its second output is then their logits (AC-GAN).

    Raises:
        ValueError: networks of which one takes labels and the other has no use for them, or of different numbers.
    """
    asked = _width_of_input("generator", generator)
    seen, guessed = _width_of_input("critic", critic), _width_of_logits(critic)
    if asked is None and seen is None and guessed is None:
        return None
    if asked is None:
        raise ValueError(
            "The critic has to do with labels and the generator takes none; build both with the same classes=, or "
            "neither."
        )
    if seen is None and guessed is None:
        raise ValueError(
            "The generator takes labels and the critic does not see them, so that nothing makes the images follow "
            "them. Build the critic with classes= too: it takes [images, labels], or returns [scores, logits]."
        )
    widths = {width for width in (asked, seen, guessed) if width is not None}
    if len(widths) > 1:
        raise ValueError(f"The networks are built for {' and '.join(map(str, sorted(widths)))} classes; expected one.")
    return asked


def latents_and_labels(inputs):
    """The two that a conditional game makes images of.

    Raises:
        ValueError: something else came, such as latents alone.
    """
    if isinstance(inputs, list | tuple) and len(inputs) == 2:
        return inputs
    what = f"{len(inputs)} inputs" if isinstance(inputs, list | tuple) else "one input"
    raise ValueError(
        f"A conditional game makes images of [latents, labels]; got {what}. Give both, as predict([latents, labels]), "
        "or take sample(labels=...)."
    )


def network_inputs(network, x, labels):
    """What `network` takes for x: x alone, or [x, labels], as class numbers where it looks up an embedding."""
    if len(network.inputs) == 1:
        return x
    target = network.inputs[1]
    if _embedded(network, target) is None:
        return [x, labels]
    _, numbers = ops.top_k(labels, 1)  # Keras's argmax has operations that ONNX and LiteRT lack
    return [x, ops.reshape(numbers, (-1, *target.shape[1:]))]


def encode(labels, width, axes=1):
    """Labels as float32 vectors (m, width): whole numbers (m,) become one-hot, -1 zeros; vectors stay.

    Args:
        axes: how many count the samples: 2 for minibatches (n, m).
    """
    whole = "int" in keras.backend.standardize_dtype(labels.dtype)
    if len(labels.shape) == axes + 1 and labels.shape[axes] == width and (width > 1 or not whole):
        return ops.cast(labels, "float32")
    numbers = ops.reshape(ops.cast(labels, "int32"), ops.shape(labels)[:axes])
    return ops.one_hot(numbers, width, dtype="float32")


def added_counts(counts, labels):
    """How often each class came, int32 (width,), with those of the vectors (m, width): one-hot, or zeros for none.

    Once another vector has come, which is no class, it is -1 throughout and stays so.
    """
    classes = ops.cast(labels == 1, "int32")
    others = ops.any((labels != 0) & (labels != 1)) | ops.any(ops.sum(classes, -1) > 1)
    return ops.where(others | (counts < 0), -1, counts + ops.sum(classes, axis=0))


def draw_labels(counts, n, seed):
    """(n,) class numbers as often as `counts` (classes,) says; all alike where nothing was counted."""
    counts = np.asarray(counts, "float64")
    counts = counts if counts.sum() else np.ones_like(counts)
    seed = None if seed is None else whole_number("seed", seed) + _SEED_OF_LABELS
    uniform = ops.convert_to_numpy(random.uniform((n,), seed))
    return np.searchsorted(np.cumsum(counts) / counts.sum(), uniform, side="right").astype("int64")


def _width_of_input(role, network):
    if len(network.inputs) == 1:
        return None
    target = network.inputs[1]
    embedded = _embedded(network, target)
    if embedded is not None:
        return embedded
    if len(target.shape) != 2 or target.shape[1] is None or "int" in str(target.dtype):
        raise ValueError(
            f"The {role} takes labels of shape {target.shape} and type {target.dtype}, and how many classes there are "
            "it does not say. Take vectors, one-hot for classes: keras.Input((classes,)); or give class numbers to a "
            "keras.layers.Embedding."
        )
    return target.shape[1]


def _width_of_logits(critic):
    if len(critic.outputs) == 1:
        return None
    logits = critic.outputs[1]
    if len(logits.shape) != 2 or logits.shape[1] is None:
        raise ValueError(
            f"The critic returns logits of the labels of shape {logits.shape}; expected (batch, classes): end them "
            "with Flatten and Dense(classes)."
        )
    check_unlimited_differences(critic, logits)
    return logits.shape[1]


def _embedded(network, target):
    """How many classes an embedding knows that looks up the input `target`; None where none does."""
    for layer in network.layers:
        if isinstance(layer, keras.layers.Embedding):
            looked_up = [tensor for node in layer._inbound_nodes for tensor in node.input_tensors]
            if any(tensor is target for tensor in looked_up):  # another network may use the layer too
                return layer.input_dim
    return None
