"""Layers that take channels last, whatever Keras is configured to: so are all images in this library."""

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def channels_last() -> Iterator[None]:
    """Layers built inside have channels last; `keras.config.image_data_format()` comes back afterwards."""
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    try:
        yield
    finally:
        keras.config.set_image_data_format(before)
