"""Layers of one dtype policy, whatever the policy of the moment is.

Extractors compute in float32 whatever the training's policy: one protocol, one set of numbers.
"""

import contextlib

import keras


@contextlib.contextmanager
def policy(name):
    """Layers built inside have the dtype policy `name`; the global policy comes back afterwards."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
