"""Extractors compute in float32 whatever the training's dtype policy is: one protocol, one set of numbers."""

import contextlib

import keras


@contextlib.contextmanager
def float32_policy():
    """Layers built inside have the dtype policy float32; the global policy comes back afterwards."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
