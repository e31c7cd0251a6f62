"""What stands beside images in a user's data: labels, where they lack and where nobody takes them; weights, refused."""

import dataclasses
import warnings

import numpy as np

from wgan_keras.pipelines.pixels import native

OURS = "wgan_keras: "  # opens a message of the pipelines, which a framework wraps in its own
LABELS_LACKING = (
    "The networks take labels, and the data are images alone; expected pairs (images, labels): --labels in the "
    "command, which builds the networks for the data's classes; fit(images, labels), or a dataset of such batches, as "
    "data.load(name, labels=True) has them, in Python."
)
WEIGHTED = "{} was given; a game's losses are plain means over the images. Leave it out."


def check_unweighted(parts):
    """Refuses, by ValueError, the third part of data (x, y, sample_weight), unless it is None."""
    if len(parts) == 3 and parts[2] is not None:  # more may be a list of images, of which others say more
        raise ValueError(WEIGHTED.format("sample_weight, the third part of the data,"))


def warn_of_labels():
    """Once in a program: labels came to a game whose networks take none."""
    warnings.warn(
        "The data have labels, which this game's networks do not take; they are ignored. Build both networks with "
        "classes= for a conditional game.",
        stacklevel=4,
    )


def length(data):
    """How many rows images have, an array, or each of a pair (images, labels)."""
    return len(data[0] if isinstance(data, tuple) else data)


def parts(data, labeled):
    """Images, or (images, labels) where `labeled`, of one batch x, (x,), (x, y), {"image": x, "label": y, ...}.

    A part that is None is none.

    Raises:
        ValueError: a dictionary without "image", no labels where they are asked for, or weights.
    """
    if isinstance(data, dict):
        if "image" not in data:
            raise ValueError(f"The dataset's elements hold {', '.join(data)} and no 'image'; map them to the images.")
        data = [data[name] for name in ("image", "label") if name in data]
    elif not isinstance(data, tuple | list):
        data = [data]
    check_unweighted(data)
    images, y = (*data, None)[:2]
    if not labeled:
        if y is not None:
            warn_of_labels()
        return images
    if y is None:
        raise ValueError(LABELS_LACKING)
    return images, y


@dataclasses.dataclass(frozen=True)
class LabelKind:
    """The labels that a game takes: whole numbers below `width`, or vectors of it.

    Fields:
        lowest: 0, or -1 where an image may be without a label.
        shape: of one label, where the data have shown it.
    """

    width: int
    lowest: int = 0
    shape: tuple[int, ...] | None = None

    def __str__(self):
        lacking = f" ({self.lowest}: no label)" if self.lowest < 0 else ""
        return f"whole numbers from {self.lowest} to {self.width - 1}{lacking}, or vectors of {self.width}"

    def as_in(self, labels):
        """The same in the shape of these labels, the first of the data, of numpy."""
        return dataclasses.replace(self, shape=labels.shape[1:])

    def are_vectors(self, shape, whole):
        """Whether labels, each of this shape and `whole` numbers or not, are vectors."""
        return tuple(shape) == (self.width,) and (self.width > 1 or not whole)

    def check(self, labels, count, of="images"):
        """Labels of `count` things, of numpy: (count,) whole numbers, or (count, width) vectors as they are.

        Raises:
            ValueError: another shape, another length, numbers out of range, floats that are no vectors, NaN.
        """
        if labels.ndim and len(labels) != count:
            raise ValueError(f"There are {len(labels)} labels and {count} {of}; expected as many.")
        labels = native(labels)
        whole = labels.dtype.kind in "iu"
        if self.are_vectors(labels.shape[1:], whole):
            if not np.isfinite(labels).all():
                raise ValueError("The labels hold NaN or infinity; remove them.")
            return labels
        if labels.shape[1:] not in ((), (1,)) or not labels.ndim or not whole:
            raise ValueError(f"The labels are {labels.dtype} of shape {labels.shape}; expected {self}.")
        outside = labels[(labels < self.lowest) | (labels >= self.width)]
        if outside.size:
            raise ValueError(f"A label is {outside[0]}; expected {self}.")
        return labels.reshape(-1)

    def check_batch(self, k, labels, count):
        """`check` for batch k of a dataset; the message says so, in the form of the pipelines."""
        try:
            return self.check(labels, count)
        except ValueError as error:
            raise ValueError(f"{OURS}Batch {k}: {error}") from None
