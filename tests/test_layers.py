import keras
import numpy as np
import pytest
import tensorflow as tf

from wgan_keras.layers import LayerNormalization, LeakyReLU


def test_leaky_relu_is_the_piecewise_linear_function():
    x = np.array([-2.0, -0.5, 0.0, 0.5, 3.0], "float32")
    np.testing.assert_allclose(LeakyReLU(0.2)(x), [-0.4, -0.1, 0.0, 0.5, 3.0], rtol=1e-6)
    np.testing.assert_array_equal(LeakyReLU(0.0)(x), np.maximum(x, 0))


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_leaky_relu_agrees_with_keras_to_the_second_derivative(slope):
    """Value, first derivative, and the derivative by the weights of a penalty on the first derivative."""
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(16, 5)).astype("float32"))
    first, second = (tf.constant(rng.normal(size=shape).astype("float32")) for shape in ((5, 7), (7, 1)))
    keras_layer = keras.layers.LeakyReLU(slope) if slope else keras.layers.ReLU()

    def derivatives(activation):
        with tf.GradientTape() as outer:
            outer.watch([first, second])
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = activation(tf.tanh(x) @ first) @ second  # tanh: a second derivative that is not zero
            gradient = inner.gradient(y, x)
            penalty = tf.reduce_mean((tf.norm(gradient, axis=1) - 1) ** 2)
        return [y, gradient, penalty, *outer.gradient(penalty, [first, second])]

    for ours, theirs in zip(derivatives(LeakyReLU(slope)), derivatives(keras_layer), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_the_derivative_at_zero_is_the_negative_slope_as_in_keras():
    x = tf.zeros((1,))
    for layer in (LeakyReLU(0.2), keras.layers.LeakyReLU(0.2)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        np.testing.assert_allclose(tape.gradient(y, x), [0.2])


def test_no_second_derivative_is_computed():
    """What the layer is for: its gradient does not depend on its input, so no tensor of zeros goes further down."""
    x = tf.constant([-1.0, 2.0])
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = LeakyReLU(0.2)(x)
        gradient = inner.gradient(y, x)
    assert outer.gradient(gradient, x) is None


@pytest.mark.parametrize("slope", [-0.1, 1.0, float("nan")])
def test_slope_out_of_range_is_refused(slope):
    with pytest.raises(ValueError, match=f"negative_slope is {slope}.*expected 0 <="):
        LeakyReLU(slope)


def test_layer_normalisation_is_that_of_keras_over_height_width_and_channels():
    x = np.random.default_rng(0).normal(2, 3, (4, 5, 6, 3)).astype("float32")
    ours, theirs = LayerNormalization(), keras.layers.GroupNormalization(groups=1)
    for layer in (ours, theirs):
        layer.build(x.shape)
        layer.set_weights([np.float32([1, 2, 3]), np.float32([0.1, 0.2, 0.3])])
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-5)


def test_the_second_derivative_through_layer_normalisation_is_that_of_finite_differences():
    """Of |grad f|^2, f a fixed weighing of the outputs: what a gradient penalty needs, and Keras's layers get wrong."""
    rng = np.random.default_rng(1)
    x, weights = rng.normal(size=(2, 3, 4)), rng.normal(size=(3, 4))
    layer = LayerNormalization(dtype="float64")

    def squared_norm(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(layer(x) * weights)
        return tf.reduce_sum(tape.gradient(y, x) ** 2)

    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = squared_norm(x)
    gradient = tape.gradient(value, x).numpy()
    step = 1e-5 * np.eye(24).reshape(24, 2, 3, 4)
    differences = [(squared_norm(x + h) - squared_norm(x - h)) / 2e-5 for h in step]
    np.testing.assert_allclose(gradient.ravel(), differences, rtol=1e-5, atol=1e-6)
