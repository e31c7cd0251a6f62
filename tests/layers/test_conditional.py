"""Conditional batch normalization, against numpy in float64."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from wgan_keras.layers import BatchNormalization, ConditionalBatchNormalization

RNG = np.random.default_rng(0)
PICTURES, VECTORS = RNG.normal(2, 3, (6, 4, 5, 3)), RNG.normal(2, 3, (6, 3))
ONE_HOT = np.eye(4)[[0, 1, 2, 3, 3, 0]]


def built(x, dtype="float64"):
    """A layer on x and four classes with embeddings and statistics that are not the first ones."""
    rng = np.random.default_rng(1)
    layer = ConditionalBatchNormalization(momentum=0.9, epsilon=1e-3, dtype=dtype)
    layer.build([x.shape, (None, 4)])
    layer.scale.assign(rng.normal(size=(4, 3)))
    layer.shift.assign(rng.normal(size=(4, 3)))
    layer.normalization.moving_mean.assign(rng.normal(size=3))
    layer.normalization.moving_variance.assign(rng.uniform(1, 2, size=3))
    return layer


def by_hand(layer, x, labels, mean, variance):
    scale, shift = (labels @ rows.numpy() for rows in (layer.scale, layer.shift))
    shape = (len(x), *(1,) * (x.ndim - 2), 3)
    return (1 + scale.reshape(shape)) * (x - mean) / np.sqrt(variance + 1e-3) + shift.reshape(shape)


@pytest.mark.parametrize("x", [PICTURES, VECTORS], ids=["pictures", "vectors"])
def test_it_is_the_formula_in_training_and_in_use(x):
    layer = built(x)
    axes = tuple(range(x.ndim - 1))
    mean, variance = layer.normalization.moving_mean.numpy(), layer.normalization.moving_variance.numpy()
    np.testing.assert_allclose(layer([x, ONE_HOT]), by_hand(layer, x, ONE_HOT, mean, variance), rtol=1e-12)
    expected = by_hand(layer, x, ONE_HOT, x.mean(axes), x.var(axes))
    np.testing.assert_allclose(layer([x, ONE_HOT], training=True), expected, rtol=1e-12)
    np.testing.assert_allclose(layer.normalization.moving_mean, 0.9 * mean + 0.1 * x.mean(axes), rtol=1e-12)


def test_a_mixture_of_classes_gets_the_mixture_of_their_outputs():
    """The statistics are those of the batch, whatever the labels."""
    layer = built(PICTURES)
    of_class = [np.array(layer([PICTURES, np.eye(4)[[k] * 6]], training=True)) for k in range(4)]
    shares = RNG.dirichlet(np.ones(4), 6)
    expected = np.einsum("nk,knhwc->nhwc", shares, of_class)
    np.testing.assert_allclose(layer([PICTURES, shares], training=True), expected, rtol=1e-12)


def test_a_new_one_is_a_batch_normalization_whatever_the_labels():
    ours, plain = ConditionalBatchNormalization(0.9, 1e-3), BatchNormalization(momentum=0.9, epsilon=1e-3)
    x, labels = PICTURES.astype("float32"), ONE_HOT.astype("float32")
    np.testing.assert_array_equal(ours([x, labels], training=True), plain(x, training=True))
    np.testing.assert_array_equal(ours([x, labels]), plain(x))


def test_it_holds_two_numbers_a_class_and_channel_and_the_statistics():
    layer = built(PICTURES)
    assert [tuple(w.shape) for w in layer.trainable_weights] == [(4, 3), (4, 3)]
    assert [w.name for w in layer.non_trainable_weights] == ["moving_mean", "moving_variance"]


def test_in_bfloat16_a_mixture_keeps_its_shares():
    """In bfloat16 1/3 is 0.334 and 301 is 302."""
    layer = ConditionalBatchNormalization(dtype="mixed_bfloat16")
    x = np.zeros((1, 2, 2, 1), "float32")
    layer.build([x.shape, (None, 2)])
    layer.shift.assign([[-0.5], [301.0]])
    y = layer([x, np.float32([[2 / 3, 1 / 3]])])
    assert y.dtype == "bfloat16" and {w.dtype for w in layer.weights} == {"float32"}
    np.testing.assert_array_equal(tf.cast(y, "float32"), np.full((1, 2, 2, 1), 100.0))


def test_it_is_what_it_was_after_a_file(tmp_path):
    inputs = [keras.Input((4, 5, 3)), keras.Input((4,))]
    layer = built(PICTURES, "float32")
    network = keras.Model(inputs, layer(inputs))
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(loaded([PICTURES, ONE_HOT]), network([PICTURES, ONE_HOT]))
    assert loaded.layers[-1].get_config() == layer.get_config()
    assert (layer.get_config()["momentum"], layer.get_config()["epsilon"]) == (0.9, 1e-3)
