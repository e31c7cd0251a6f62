"""Shared by the tests of layers."""

import numpy as np
import pytest
import tensorflow as tf


@pytest.fixture(scope="session")
def assert_right_second_derivative():
    """assert_right_second_derivative(layer, x, weights): that of |grad f|^2 by x, in float64, f the weighed outputs.

    It is what a gradient penalty needs; it is held against finite differences.
    """

    def squared_norm(layer, x, weights):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(layer(x) * weights)
        return tf.reduce_sum(tape.gradient(y, x) ** 2)

    def check(layer, x, weights):
        x = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = squared_norm(layer, x, weights)
        gradient = tape.gradient(value, x).numpy()
        steps = 1e-5 * np.eye(gradient.size).reshape(-1, *gradient.shape)
        ends = [(squared_norm(layer, x + h, weights), squared_norm(layer, x - h, weights)) for h in steps]
        differences = [(high - low) / 2e-5 for high, low in ends]
        np.testing.assert_allclose(gradient.ravel(), differences, rtol=1e-5, atol=1e-6)

    return check
