"""Spectral normalization, against numpy's singular values."""

import contextlib

import keras
import numpy as np
import pytest
import scipy.linalg
import tensorflow as tf

from wgan_keras.layers import Conv2D, GlobalSumPooling2D, SpectralNormalization
from wgan_keras.models.read_only import unchanged

layers = keras.layers
RNG = np.random.default_rng(0)
VECTORS, PICTURES = RNG.normal(size=(4, 6)).astype("float32"), RNG.normal(size=(2, 8, 8, 3)).astype("float32")


def matrix(layer):
    """The kernel as (all axes but the last, outputs)."""
    kernel = layer.kernel.numpy()
    return kernel.reshape(-1, kernel.shape[-1])


def norm(layer):
    return np.linalg.svd(matrix(layer), compute_uv=False)[0]


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (layers.Dense(5), VECTORS),
        (layers.Dense(1), VECTORS),
        (layers.Conv2D(7, 3, padding="same"), PICTURES),
        (Conv2D(7, 4, 2, "same"), PICTURES),
    ],
    ids=["dense", "score", "3x3", "4x4"],
)
@pytest.mark.parametrize("training", [False, True])
def test_from_the_first_use_on_it_is_the_layer_with_its_kernel_divided_by_the_largest_singular_value(
    layer, x, training
):
    layer = type(layer).from_config(layer.get_config())
    y = SpectralNormalization(layer)(x, training=training)
    kernel, sigma = layer.kernel.numpy(), norm(layer)
    layer.bias.assign(RNG.normal(size=layer.bias.shape))
    layer.kernel.assign(kernel / sigma)
    np.testing.assert_allclose(y, layer(x) - layer.bias.numpy(), atol=2e-6)


def test_the_kernel_itself_is_not_changed():
    layer = layers.Dense(5)
    wrapper = SpectralNormalization(layer)
    wrapper.build((None, 6))
    before = layer.kernel.numpy()
    wrapper(VECTORS, training=True)
    np.testing.assert_array_equal(layer.kernel, before)


class Noisy(layers.Dense):
    def __init__(self, units):
        super().__init__(units)
        self.seeds = keras.random.SeedGenerator(0)
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x):
        self.calls.assign(self.calls + 1)
        return super().call(x) + keras.random.normal((4, 5), seed=self.seeds)


def test_what_the_layer_keeps_from_call_to_call_goes_on(monkeypatch):
    layer = Noisy(5)
    wrapper = SpectralNormalization(layer)
    wrapper.build((None, 6))
    layer.kernel.assign(np.eye(6)[:, :5])  # of norm 1
    wrapper.u.assign(np.eye(5)[0])
    wrapped = [np.array(wrapper(VECTORS)) for _ in range(2)]
    layer.seeds.state.assign(keras.random.SeedGenerator(0).state)
    np.testing.assert_allclose(wrapped, [np.array(layer(VECTORS)) for _ in range(2)], atol=1e-6)
    assert int(layer.calls) == 4
    assigned = []
    monkeypatch.setattr(type(layer.bias), "assign", lambda variable, value: assigned.append(variable.name))
    wrapper(VECTORS)  # of a trained weight a device may not assign its own copy
    assert set(assigned) == {layer.calls.name, layer.seeds.state.name}
    monkeypatch.undo()
    layer.trainable = False  # then the kernel is among the variables that no gradient moves
    wrapper(VECTORS)
    np.testing.assert_array_equal(layer.kernel, np.eye(6)[:, :5])


def test_a_call_in_training_is_one_power_iteration():
    layer = layers.Dense(5)
    wrapper = SpectralNormalization(layer)
    wrapper.build((None, 6))
    u = RNG.normal(size=5).astype("float32")
    wrapper.u.assign(u)
    wrapper(VECTORS)
    np.testing.assert_array_equal(wrapper.u, u)
    wrapper(VECTORS, training=True)
    expected = matrix(layer).T @ (matrix(layer) @ u)
    np.testing.assert_allclose(wrapper.u, expected / np.linalg.norm(expected), atol=1e-6)


def test_from_any_u_it_converges_to_the_largest_singular_value():
    layer = layers.Dense(5)
    wrapper = SpectralNormalization(layer)
    wrapper.build((None, 6))
    left, _, right = np.linalg.svd(RNG.normal(size=(6, 5)), full_matrices=False)
    layer.kernel.assign(left * [3, 1, 1, 1, 1] @ right)  # a pass brings u nearer by (1 / 3)^2
    wrapper.u.assign(right[1] + 0.1 * right[0])
    off = []
    for _ in range(10):
        normalized = wrapper(np.eye(6, dtype="float32"), training=True).numpy()
        off.append(abs(np.linalg.svd(normalized, compute_uv=False)[0] - 1))
    assert off[0] > 0.01 and off[-1] < 1e-5
    _, _, rows = np.linalg.svd(matrix(layer))
    assert abs(rows[0] @ wrapper.u.numpy()) == pytest.approx(1, abs=1e-5)


def test_it_follows_a_kernel_that_moves_slowly():
    layer = layers.Dense(5)
    wrapper = SpectralNormalization(layer)
    wrapper.build((None, 6))
    for _ in range(50):
        layer.kernel.assign_add(0.05 * RNG.normal(size=(6, 5)))
        normalized = wrapper(np.eye(6, dtype="float32"), training=True).numpy()
    assert np.linalg.svd(normalized, compute_uv=False)[0] == pytest.approx(1, abs=0.02)


def test_a_linear_critic_has_the_lipschitz_constant_1():
    """The gradient of w x / |w| is w / |w|, however large w is."""
    wrapper = SpectralNormalization(layers.Dense(1, kernel_initializer=keras.initializers.RandomNormal(stddev=50)))
    critic = keras.Sequential([keras.Input((3, 2)), layers.Flatten(), wrapper])
    x = tf.constant(RNG.normal(size=(4, 3, 2)), "float32")
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = critic(x, training=True)
    np.testing.assert_allclose(tf.norm(tape.gradient(y, x), axis=(1, 2)), np.ones(4), rtol=1e-6)


def test_the_gradient_goes_through_sigma_with_u_held_constant():
    """Equation 12 of the paper: that of W / sigma along C is (C - <C, W / sigma> v u') / sigma."""
    layer = layers.Dense(5, use_bias=False, dtype="float64")
    wrapper = SpectralNormalization(layer)
    wrapper.build((None, 6))
    x, weighing = RNG.normal(size=(4, 6)), RNG.normal(size=(4, 5))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(wrapper(x, training=True) * weighing)
    gradient = tape.gradient(loss, layer.kernel.value)
    w, along = matrix(layer), x.T @ weighing
    left, values, right = np.linalg.svd(w, full_matrices=False)
    sigma = values[0]
    expected = (along - np.sum(along * w / sigma) * np.outer(left[:, 0], right[0])) / sigma
    np.testing.assert_allclose(gradient, expected, atol=1e-6)


def test_the_derivative_of_a_gradient_penalty_is_that_of_finite_differences():
    """By the kernels and biases of a critic of three such layers, in float64."""
    options = {"dtype": "float64", "kernel_initializer": keras.initializers.GlorotUniform(seed=1)}
    critic = keras.Sequential(
        [
            keras.Input((6, 6, 2), dtype="float64"),
            SpectralNormalization(Conv2D(3, 4, 2, "same", activation="tanh", **options)),
            layers.Flatten(dtype="float64"),
            SpectralNormalization(layers.Dense(4, activation="tanh", **options)),
            SpectralNormalization(layers.Dense(1, **options)),
        ]
    )
    x = tf.constant(RNG.normal(size=(3, 6, 6, 2)))

    def penalty():
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = critic(x)
        return tf.reduce_mean((tf.norm(tf.reshape(tape.gradient(y, x), (3, -1)), axis=1) - 1) ** 2)

    with tf.GradientTape() as tape:
        value = penalty()
    weights = critic.trainable_weights
    gradients = tape.gradient(value, [w.value for w in weights], unconnected_gradients="zero")
    directions = [RNG.normal(size=w.shape) for w in weights]
    expected = sum(np.sum(g * d) for g, d in zip(gradients, directions, strict=True))

    def moved(step):
        for w, d in zip(weights, directions, strict=True):
            w.assign_add(step * d)
        found = float(penalty())
        for w, d in zip(weights, directions, strict=True):
            w.assign_sub(step * d)
        return found

    assert abs(expected) > 1e-3
    assert (moved(1e-6) - moved(-1e-6)) / 2e-6 == pytest.approx(expected, rel=1e-5)


def test_a_network_in_use_while_another_learns_keeps_u():
    wrapper = SpectralNormalization(layers.Dense(5))
    network = keras.Sequential([keras.Input((6,)), wrapper])
    u = np.float32([0.6, 0, 0.8, 0, 0])
    wrapper.u.assign(u)
    in_use = np.array(unchanged(network, VECTORS)[0])
    np.testing.assert_array_equal(wrapper.u, u)
    np.testing.assert_array_equal(network(VECTORS, training=True), in_use)  # u moved for the call alone
    assert not np.allclose(wrapper.u, u)


def test_a_layer_that_is_not_trained_keeps_u():
    wrapper = SpectralNormalization(layers.Dense(5))
    wrapper.build((None, 6))
    wrapper.u.assign(np.eye(5)[0])
    wrapper.trainable = False
    wrapper(VECTORS, training=True)
    np.testing.assert_array_equal(wrapper.u, np.eye(5)[0])


def test_a_kernel_of_zeros_stays_zero_and_is_found_again_when_it_grows():
    layer = layers.Dense(5, kernel_initializer="zeros")
    wrapper = SpectralNormalization(layer)
    np.testing.assert_array_equal(wrapper(VECTORS, training=True), np.zeros((4, 5)))
    left, _, right = np.linalg.svd(RNG.normal(size=(6, 5)), full_matrices=False)
    layer.kernel.assign(left * [3, 1, 1, 1, 1] @ right)  # a pass brings u nearer by (1 / 3)^2
    for _ in range(10):
        y = wrapper(np.eye(6, dtype="float32"), training=True)
    assert np.linalg.svd(y, compute_uv=False)[0] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_in_a_graph_and_in_xla_it_is_what_it_is_eagerly(dtype):
    x = VECTORS[:2]
    wrapper = SpectralNormalization(layers.Dense(5, dtype=dtype))
    wrapper.build((None, 6))
    found = []
    for run in (wrapper, tf.function(wrapper), tf.function(wrapper, jit_compile=True)):
        wrapper.u.assign(np.eye(5)[1])
        y = run(x, training=True)
        found.append((tf.cast(y, "float32").numpy(), wrapper.u.numpy()))
    assert y.dtype == dtype.removeprefix("mixed_")
    for y, u in found[1:]:
        np.testing.assert_allclose(y, found[0][0], atol=1e-6 if dtype == "float32" else 1e-2)
        np.testing.assert_allclose(u, found[0][1], atol=1e-6)


def test_under_bfloat16_alone_it_is_built_too():
    wrapper = SpectralNormalization(layers.Dense(5, dtype="bfloat16"), dtype="bfloat16")
    outputs = wrapper(np.ones((2, 3), "float32"), training=True)
    kernel = np.asarray(keras.ops.cast(wrapper.layer.kernel, "float32"))
    expected = np.ones((2, 3)) @ kernel / np.linalg.svd(kernel, compute_uv=False)[0]
    np.testing.assert_allclose(np.asarray(keras.ops.cast(outputs, "float32")), expected, rtol=0.05, atol=0.02)


def test_u_is_kept_in_float32_under_mixed_bfloat16():
    wrapper = SpectralNormalization(layers.Dense(5, dtype="mixed_bfloat16"))
    wrapper(VECTORS, training=True)
    sigma = np.linalg.norm(matrix(wrapper.layer) @ wrapper.u.numpy())
    assert {w.dtype for w in wrapper.weights} == {"float32"}
    assert sigma == pytest.approx(norm(wrapper.layer), rel=1e-6)


def test_it_is_what_it_was_after_a_file(tmp_path):
    network = keras.Sequential([keras.Input((8, 8, 3)), SpectralNormalization(Conv2D(4, 4, 2, "same"))])
    network.layers[0].u.assign([0, 1, 0, 0])
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert type(loaded.layers[0].layer) is Conv2D
    np.testing.assert_array_equal(loaded.layers[0].u, [0, 1, 0, 0])
    np.testing.assert_array_equal(loaded(PICTURES, training=True), network(PICTURES, training=True))


def test_a_layer_without_a_kernel_is_refused():
    with pytest.raises(
        ValueError, match=r"got the layer 'flat' \(Flatten\), which has no kernel; expected one such as"
    ):
        SpectralNormalization(layers.Flatten(name="flat")).build((None, 3, 2))


def test_sum_pooling_is_the_sum_over_the_pixels():
    np.testing.assert_allclose(GlobalSumPooling2D()(PICTURES), PICTURES.sum((1, 2)), rtol=1e-4)


@pytest.mark.parametrize("n", [1, 2])
def test_of_a_transposed_convolution_the_rows_of_the_matrix_are_its_outputs_too(n):
    kind = {1: keras.layers.Conv1DTranspose, 2: keras.layers.Conv2DTranspose}[n]
    layer = SpectralNormalization(kind(3, 2))
    layer.build((1, *(4,) * n, 5))
    kernel = np.moveaxis(keras.ops.convert_to_numpy(layer.layer.kernel), -2, -1).reshape(-1, 3)
    assert layer.u.shape == (3,)
    largest = np.linalg.svd(kernel)[1][0]
    assert np.linalg.norm(kernel @ keras.ops.convert_to_numpy(layer.u)) == pytest.approx(largest, rel=1e-5)


@pytest.mark.parametrize(
    ("layer", "groups"),
    [
        (layers.DepthwiseConv2D(2, depth_multiplier=3), 3),
        (layers.DepthwiseConv1D(4), 3),
        (layers.Conv2D(6, 2, groups=3), 3),
    ],
    ids=["depthwise", "depthwise-1", "groups"],
)
def test_channels_in_groups_have_the_norm_of_the_one_matrix_with_zeros_between_the_groups(layer, groups):
    wrapper = SpectralNormalization(layer)
    wrapper.build((None, 8, 3) if isinstance(layer, layers.DepthwiseConv1D) else (None, 8, 8, 3))
    kernel = layer.kernel.numpy() * np.linspace(1, 3, layer.kernel.shape[-1])  # outputs of several sizes
    layer.kernel.assign(kernel)
    if isinstance(layer, layers.Conv2D):
        blocks = np.split(kernel.reshape(-1, kernel.shape[-1]), groups, axis=1)
    else:
        blocks = [kernel[..., channel, :].reshape(-1, kernel.shape[-1]) for channel in range(groups)]
    wrapper.u.assign(wrapper._leading(wrapper.u.shape, "float32"))
    whole = scipy.linalg.block_diag(*blocks)
    assert wrapper.u.shape == (groups, whole.shape[1] // groups)
    sigma = np.linalg.svd(whole, compute_uv=False)[0]
    for training in (False, True):
        np.testing.assert_allclose(wrapper._normalized(training), kernel / sigma, rtol=1e-5)


@pytest.mark.parametrize("scope", [contextlib.nullcontext(), keras.StatelessScope(collect_losses=True)])
def test_an_activity_regularizer_of_the_layer_counts_once(scope):
    """In a scope too, where JAX has all its steps, and losses are known by their tensors."""
    layer = SpectralNormalization(keras.layers.Dense(2, activity_regularizer=keras.regularizers.L2(0.5)))
    layer.build((4, 3))
    with scope:
        outputs = keras.ops.convert_to_numpy(layer(np.ones((4, 3), "float32")))
        losses = [float(loss) for loss in layer.losses]
    assert losses == [pytest.approx(0.5 * np.sum(outputs**2) / 4, rel=1e-5)]
