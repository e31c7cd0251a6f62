"""Benchmarks at toy size: a few updates each, which take less time than compiling them would."""

import pytest
import tensorflow as tf


@pytest.fixture
def eagerly():
    """TensorFlow functions, those with XLA as well, run as plain Python until the test ends."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
