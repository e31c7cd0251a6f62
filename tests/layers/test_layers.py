import keras
import numpy as np
import pytest
import tensorflow as tf

from wgan_keras.layers import BatchNormalization, LayerNormalization, LeakyReLU


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


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_the_gradient_reads_the_output_and_is_that_of_the_input_bit_for_bit(slope, dtype):
    """To read the input would keep TensorFlow from fusing it with the convolution before; the signs are the same."""
    smallest = np.finfo("float32").tiny
    x = tf.cast([-np.inf, -2, -1e-30, -smallest, -0.0, 0.0, smallest, 1e-30, 2, np.inf, np.nan], dtype)
    dy = tf.cast(np.arange(1, 12), dtype)
    layer = LeakyReLU(slope, dtype=dtype)

    @tf.function
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        return tape.gradient(y, x, dy)

    np.testing.assert_array_equal(gradient(x), tf.raw_ops.LeakyReluGrad(gradients=dy, features=x, alpha=slope))
    operations = gradient.get_concrete_function(x).graph.get_operations()
    read = next(op for op in operations if op.type == "LeakyReluGrad").inputs[1].op
    while read.type in ("Identity", "StopGradient"):
        read = read.inputs[0].op
    assert read.type == ("LeakyRelu" if slope else "Maximum")


@pytest.mark.parametrize("slope", [-0.1, 1.0, float("nan")])
def test_slope_out_of_range_is_refused(slope):
    with pytest.raises(ValueError, match=f"negative_slope is {slope}.*expected 0 <="):
        LeakyReLU(slope)


def normalized(cls, x, training, dtype, **options):
    """Output, the gradients of a weighing of it, and the statistics after it, of a batch normalization of x."""
    layer = cls(momentum=0.9, epsilon=1e-5, dtype=dtype, **options)
    layer.build(x.shape)
    layer.set_weights([w + np.linspace(0.5, 1, len(w), dtype="float32") for w in layer.get_weights()])
    x = tf.cast(x, layer.compute_dtype)
    weighing = tf.cast(np.random.default_rng(1).normal(size=x.shape), x.dtype)

    @tf.function
    def derivatives(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=training)
            total = tf.reduce_sum(tf.cast(y * weighing, layer.variable_dtype))
        return [y, *tape.gradient(total, [x, *(v.value for v in layer.trainable_variables)])]

    found = derivatives(x)
    operations = {op.type for op in derivatives.get_concrete_function(x).graph.get_operations()}
    values = [*found, *(v.value for v in layer.non_trainable_variables)]
    return [tf.cast(value, "float64").numpy() for value in values], "FusedBatchNormV3" in operations


PICTURES = np.random.default_rng(0).normal(1, 2, (8, 5, 6, 3)).astype("float32")


@pytest.mark.parametrize(
    ("x", "training", "dtype", "options"),
    [
        (PICTURES, True, "float32", {}),
        (PICTURES, False, "float32", {}),
        (PICTURES, False, "mixed_bfloat16", {}),
        (PICTURES, True, "bfloat16", {}),
        (PICTURES, True, "mixed_bfloat16", {"axis": 1}),
        (PICTURES, True, "mixed_bfloat16", {"trainable": False}),
        (PICTURES[:, 0, 0], True, "mixed_bfloat16", {}),
    ],
)
def test_batch_normalization_is_that_of_keras_bit_for_bit(x, training, dtype, options, rewritten_graphs):
    (ours, fused), (theirs, _) = (
        normalized(cls, x, training, dtype, **options) for cls in (BatchNormalization, keras.layers.BatchNormalization)
    )
    assert not fused
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("options", [{}, {"axis": 3}, {"scale": False}, {"center": False}])
def test_batch_normalization_in_bfloat16_is_as_near_to_float64_as_that_of_keras(options, rewritten_graphs):
    """One operation; its error, and that of the gradients and of the statistics, is a few times Keras's at most."""
    x = tf.cast(PICTURES, "bfloat16")
    exact, _ = normalized(keras.layers.BatchNormalization, x, True, "float64", **options)
    keras_own, _ = normalized(keras.layers.BatchNormalization, x, True, "mixed_bfloat16", **options)
    ours, fused = normalized(BatchNormalization, x, True, "mixed_bfloat16", **options)
    assert fused
    for a, b, right in zip(ours, keras_own, exact, strict=True):
        size = np.abs(right).max()
        assert np.abs(a - right).max() <= max(2 * np.abs(b - right).max(), 5e-6 * size)


def test_one_picture_of_one_pixel_has_no_variance():
    layer = BatchNormalization(momentum=0.0, dtype="mixed_bfloat16")
    y = layer(np.full((1, 1, 1, 2), 3.0, "float32"), training=True)
    np.testing.assert_array_equal(tf.cast(y, "float32"), np.zeros((1, 1, 1, 2)))
    np.testing.assert_array_equal(layer.moving_variance, [0, 0])


def test_layer_normalization_is_that_of_keras_over_height_width_and_channels():
    x = np.random.default_rng(0).normal(2, 3, (4, 5, 6, 3)).astype("float32")
    ours, theirs = LayerNormalization(), keras.layers.GroupNormalization(groups=1)
    for layer in (ours, theirs):
        layer.build(x.shape)
        layer.set_weights([np.float32([1, 2, 3]), np.float32([0.1, 0.2, 0.3])])
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-5)


def test_the_second_derivative_through_layer_normalization_is_right(assert_right_second_derivative):
    """Keras's layers get it wrong."""
    rng = np.random.default_rng(1)
    x, weights = rng.normal(size=(2, 3, 4)), rng.normal(size=(3, 4))
    assert_right_second_derivative(LayerNormalization(dtype="float64"), x, weights)


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_nan_goes_through_a_leaky_relu_in_a_graph_too(slope, rewritten_graphs):
    """TensorFlow fuses a product, its bias and a ReLU into an operation that makes 0 of NaN."""
    dense = keras.layers.Dense(8, kernel_initializer=keras.initializers.Constant(np.nan))
    network = keras.Sequential([keras.Input((8,)), dense, LeakyReLU(slope)])
    assert np.isnan(network.predict(np.ones((4, 8)), verbose=0)).all()
