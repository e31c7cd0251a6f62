"""Layers that compare the samples of a batch, against closed forms and loops in float64."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.layers.minibatch import MinibatchDiscrimination, MinibatchStandardDeviation

RNG = np.random.default_rng(0)
LAYERS = {"discrimination": lambda: MinibatchDiscrimination(3, 2), "deviation": lambda: MinibatchStandardDeviation()}


def discrimination(features, dimensions, width, dtype="float64"):
    """(the layer, its T of the paper: (width, features, dimensions))."""
    layer = MinibatchDiscrimination(features, dimensions, dtype=dtype)
    layer.build((None, width))
    kernel = np.random.default_rng(1).normal(size=(width, dimensions, features))
    layer.set_weights([kernel.reshape(width, -1)])
    return layer, kernel.transpose(0, 2, 1)


def test_minibatch_features_are_the_papers_double_loop():
    x = RNG.normal(size=(5, 4))
    layer, tensor = discrimination(3, 2, 4)
    expected = np.zeros((5, 3))
    for i in range(5):
        for j in range(5):
            for b in range(3):
                expected[i, b] += np.exp(-np.abs(x[i] @ tensor[:, b] - x[j] @ tensor[:, b]).sum())
    y = layer(x).numpy()
    np.testing.assert_array_equal(y[:, :4], x)
    np.testing.assert_allclose(y[:, 4:], expected, rtol=1e-12)


def test_no_array_of_value_and_gradient_holds_all_columns_of_all_pairs():
    """256 samples, 100 features of 5 dimensions: 26 MB each, not 131."""
    layer = MinibatchDiscrimination(100, 5)
    layer.build((256, 4))

    @tf.function
    def derivative(x):
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(layer(x))
        return tape.gradient(y, layer.kernel.value)

    graph = derivative.get_concrete_function(tf.TensorSpec((256, 4))).graph
    sizes = [output.shape.num_elements() for op in graph.get_operations() for output in op.outputs]
    assert max(size for size in sizes if size is not None) == 256**2 * 100


def test_equal_samples_have_the_batch_size_and_lone_ones_have_themselves():
    layer, _ = discrimination(3, 2, 4)
    x = RNG.normal(size=(1, 4))
    np.testing.assert_allclose(layer(np.repeat(x, 6, axis=0))[:, 4:], np.full((6, 3), 6.0), rtol=1e-12)
    np.testing.assert_allclose(layer(1e4 * RNG.normal(size=(6, 4)))[:, 4:], np.ones((6, 3)), rtol=1e-12)
    two_and_one = np.concatenate([x, x, x + 1e4])
    np.testing.assert_allclose(layer(two_and_one)[:, 4:], [[2.0] * 3, [2.0] * 3, [1.0] * 3], rtol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_another_order_of_the_batch_gives_the_same_in_that_order(name):
    layer, x, order = LAYERS[name](), RNG.normal(size=(7, 5)), RNG.permutation(7)
    np.testing.assert_allclose(layer(x[order]), tf.gather(layer(x), order), rtol=1e-5)


def test_the_deviation_is_that_of_numpy_over_the_batch():
    x = RNG.normal(2, 3, (6, 4, 5, 3))
    y = MinibatchStandardDeviation(dtype="float64")(x).numpy()
    np.testing.assert_array_equal(y[..., :3], x)
    expected = np.sqrt(x.var(axis=0) + 1e-8).mean()
    np.testing.assert_allclose(y[..., 3], np.full((6, 4, 5), expected), rtol=1e-12)


def test_a_collapsed_batch_has_no_deviation():
    y = MinibatchStandardDeviation()(np.ones((4, 2, 2, 3), "float32"))
    np.testing.assert_allclose(y[..., 3], np.full((4, 2, 2), 1e-4), rtol=1e-5)  # the root of 1e-8


@pytest.mark.parametrize(
    ("size", "group_size", "groups"),
    [(6, 3, [range(3), range(3, 6)]), (7, 3, [range(3), range(3, 7)]), (2, 3, [range(2)]), (6, 6, [range(6)])],
)
def test_groups_are_consecutive_and_the_rest_joins_the_last(size, group_size, groups):
    x = RNG.normal(size=(size, 5))
    y = MinibatchStandardDeviation(group_size, dtype="float64")(x).numpy()[:, 5]
    for group in groups:
        expected = np.sqrt(x[group].var(axis=0) + 1e-8).mean()
        np.testing.assert_allclose(y[group], np.full(len(group), expected), rtol=1e-12)


@pytest.mark.parametrize("layer", [discrimination(3, 2, 4)[0], MinibatchStandardDeviation(dtype="float64")])
def test_the_second_derivative_is_right(layer, assert_right_second_derivative):
    x = RNG.normal(size=(3, 4))
    weights = np.random.default_rng(1).normal(size=layer.compute_output_shape(x.shape))
    assert_right_second_derivative(layer, x, weights)


def critic(layer):
    hidden = keras.layers.Dense(4)
    return keras.Sequential([keras.Input((2,)), hidden, wk.layers.LeakyReLU(), layer, keras.layers.Dense(1)])


@pytest.mark.parametrize("name", LAYERS)
def test_a_gradient_penalty_refuses_layers_that_tie_samples_together(name):
    layer = LAYERS[name]()
    message = f"layer '{layer.name}' is a {type(layer).__name__}, which a gradient penalty does not allow: it ties"
    with pytest.raises(ValueError, match=message):
        wk.WGANGP(wk.networks.mlp_generator((2,), 2, units=4, depth=1), critic(layer))


def test_a_gradient_penalty_refuses_a_users_layer_that_says_so():
    class Own(keras.layers.Layer):
        ties_samples = True

        def call(self, x):
            return x - keras.ops.mean(x, axis=0)

    with pytest.raises(ValueError, match="is a Own, which a gradient penalty does not allow: it ties"):
        wk.WGANGP(wk.networks.mlp_generator((2,), 2, units=4, depth=1), critic(Own()))


@pytest.mark.parametrize("name", ["discrimination", pytest.param("deviation", marks=pytest.mark.long)])
def test_a_game_trains_with_them_and_its_file_goes_on_to_the_same_bits(name, tmp_path, points, state_of):
    keras.utils.set_random_seed(0)
    model = wk.GAN(wk.networks.mlp_generator((2,), 2, units=4, depth=1), critic(LAYERS[name]()), seed=0)
    model.compile(run_eagerly=True)
    model.fit(points(5), batch_size=4, verbose=0, validation_data=(points(5),))
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    before = state_of(model)
    for each in (model, loaded):
        each.fit(points(4), batch_size=4, shuffle=False, verbose=0)
    assert not all(np.array_equal(a, b) for a, b in zip(before, state_of(model), strict=True))
    for a, b in zip(state_of(model), state_of(loaded), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("layer", [MinibatchDiscrimination(3, 2), MinibatchStandardDeviation(2)])
def test_a_graph_of_any_batch_size_and_xla_give_the_eager_values(layer):
    x = RNG.normal(size=(5, 4)).astype("float32")
    expected = layer(x)
    signature = [tf.TensorSpec((None, 4), tf.float32)]
    np.testing.assert_allclose(tf.function(layer, input_signature=signature)(x), expected, rtol=1e-6)
    np.testing.assert_allclose(tf.function(layer, jit_compile=True)(x), expected, rtol=1e-5)


@pytest.mark.parametrize("name", LAYERS)
def test_statistics_of_bfloat16_are_taken_in_float32(name, policy):
    x = RNG.normal(100, 1, (8, 4)).astype("float32")  # in bfloat16 to the nearest half: the mean is not
    x = tf.cast(tf.cast(x, "bfloat16"), "float32").numpy()
    full = LAYERS[name]()
    expected = full(x)
    policy("mixed_bfloat16")
    mixed = LAYERS[name]()
    mixed.build(x.shape)
    mixed.set_weights(full.get_weights())
    y = mixed(x)
    assert y.dtype == "bfloat16" and {v.dtype for v in mixed.weights} <= {"float32"}
    np.testing.assert_array_equal(y, tf.cast(expected, "bfloat16"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MinibatchDiscrimination(0, 5), "features is 0; expected a whole number, at least 1"),
        (lambda: MinibatchDiscrimination(5, 1.5), "dimensions is 1.5; expected a whole number"),
        (lambda: MinibatchStandardDeviation(0), "group_size is 0; expected a whole number, at least 1"),
        (lambda: MinibatchDiscrimination(3, 2)(np.zeros((2, 4, 4, 1))), r"\(2, 4, 4, 1\).*Put a Flatten before it"),
    ],
)
def test_wrong_arguments_are_told_with_a_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        make()
