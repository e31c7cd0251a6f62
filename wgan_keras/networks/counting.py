"""How many numbers a network holds, without the memory to hold them."""

import random

import keras
from keras.src.backend.common import global_state  # Keras has no public way to forget variables that were never made

_PENDING = "uninitialized_variables"


def count_parameters(build):
    """The parameters, moving statistics among them, of the network that `build()` makes; nothing is allocated."""
    drawn, pending = random.getstate(), list(global_state.get_global_attribute(_PENDING) or ())
    try:
        with keras.StatelessScope(initialize_variables=False):
            return build().count_params()
    finally:
        random.setstate(drawn)  # Keras draws the seeds of initializers from it
        global_state.set_global_attribute(_PENDING, pending)
