"""Convolutions over blocks of pixels are the plain ones, to the second derivative."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from wgan_keras import layers
from wgan_keras.backend import tf_blocks

RNG = np.random.default_rng(0)
CASES = {
    "convolution": (
        tf_blocks.convolution,
        lambda x, k: tf.nn.conv2d(x, k, 2, "SAME"),
        layers.Conv2D,
        (3, 8, 12, 5),
        (4, 4, 5, 7),
    ),
    "transposed": (
        tf_blocks.transposed_convolution,
        lambda x, k: tf.nn.conv2d_transpose(x, k, (3, 8, 12, 5), 2, "SAME"),
        layers.Conv2DTranspose,
        (3, 4, 6, 7),
        (4, 4, 5, 7),
    ),
}


def numbers(*shape):
    return tf.constant(RNG.normal(size=shape).astype("float32"))


@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives_are_those_of_the_plain_form(name):
    """Value, both gradients, and both gradients of a penalty on the gradient by the input."""
    ours, plain, _, x_shape, k_shape = CASES[name]
    x, k = numbers(*x_shape), numbers(*k_shape)

    def derivatives(function):
        with tf.GradientTape() as outer:
            outer.watch([x, k])
            with tf.GradientTape() as inner:
                inner.watch([x, k])
                y = function(x, k)
                total = tf.reduce_sum(tf.tanh(y / 10))
            first = inner.gradient(total, [x, k])
            penalty = tf.reduce_sum(first[0] ** 2)
        return [y, *first, *outer.gradient(penalty, [x, k])]

    for a, b in zip(derivatives(ours), derivatives(plain), strict=True):
        assert np.abs(a - b).max() <= 1e-5 * np.abs(b).max()


@pytest.mark.parametrize("name", CASES)
def test_the_layers_are_keras_layers_in_either_precision(name):
    _, _, kind, x_shape, _ = CASES[name]
    x = numbers(*x_shape)
    for policy, tolerance in (("float32", 0), ("mixed_bfloat16", 2**-7)):
        options = {"strides": 2, "padding": "same", "dtype": policy, "bias_initializer": "normal"}
        layer = kind(5, 4, **options)
        keras_layer = getattr(keras.layers, kind.__name__).from_config(layer.get_config())
        y = layer(x)
        keras_layer.build(x.shape)
        keras_layer.set_weights(layer.get_weights())
        expected = keras_layer(x)
        assert y.dtype == expected.dtype
        y, expected = (tf.cast(each, tf.float32).numpy() for each in (y, expected))
        assert np.abs(y - expected).max() <= tolerance * np.abs(expected).max()


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_only_bfloat16_goes_over_blocks(policy):
    """What it is for: TensorFlow's slow gradient by the kernel does not occur."""
    layer = layers.Conv2D(7, 4, strides=2, padding="same", dtype=policy)
    layer.build((None, 8, 8, 5))

    @tf.function
    def gradient(x):
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.cast(layer(x), tf.float32) ** 2)
        return tape.gradient(y, layer.trainable_variables[0].value)

    operations = {
        op.type for op in gradient.get_concrete_function(tf.TensorSpec((None, 8, 8, 5))).graph.get_operations()
    }
    assert ("Conv2DBackpropFilter" in operations) == (policy == "float32")


@pytest.mark.parametrize(
    "options", [{"kernel_size": 3}, {"strides": 1}, {"padding": "valid"}, {"dilation_rate": 2, "strides": 1}]
)
def test_other_convolutions_are_left_to_keras(options):
    given = {"kernel_size": 4, "strides": 2, "padding": "same", **options}
    x = numbers(2, 8, 8, 3)
    for kind in (layers.Conv2D, layers.Conv2DTranspose):
        layer = kind(4, **given)
        y = layer(x)
        keras_layer = getattr(keras.layers, kind.__name__).from_config(layer.get_config())
        keras_layer.build(x.shape)
        keras_layer.set_weights(layer.get_weights())
        np.testing.assert_array_equal(y, keras_layer(x))


@pytest.mark.parametrize("sides", [(None, None), (7, 8)])
@pytest.mark.parametrize("kind", [layers.Conv2D, layers.Conv2DTranspose])
def test_sides_that_are_odd_or_not_known_work_as_in_keras(kind, sides):
    pictures = keras.Input((*sides, 3))
    layer = kind(4, 4, strides=2, padding="same", dtype="mixed_bfloat16")
    model = keras.Model(pictures, layer(pictures))
    keras_layer = getattr(keras.layers, kind.__name__).from_config(layer.get_config())
    keras_layer.build((None, *sides, 3))
    keras_layer.set_weights(layer.get_weights())
    x = numbers(2, 7, 8, 3)
    ours, theirs = (tf.cast(each(x), tf.float32) for each in (model, keras_layer))
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() <= 2**-7 * np.abs(theirs).max()
