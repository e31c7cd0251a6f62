"""A checkpoint after every epoch, at a path taken as it is."""

import keras

from wgan_keras._types import PathLike


def checkpoint_at(path: PathLike) -> keras.callbacks.ModelCheckpoint:
    """Keras's callback for one file, in whose path it would fill in whatever stands in braces."""
    return keras.callbacks.ModelCheckpoint(str(path).replace("{", "{{").replace("}", "}}"))
