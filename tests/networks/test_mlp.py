import json

import numpy as np
import pytest
import tensorflow as tf

from wgan_keras.networks import mlp_classifier, mlp_critic, mlp_generator


def numpy_mlp(network, x):
    """The network's function written out: dense layers with max(x, 0) between them."""
    *hidden, last = [layer for layer in network.layers if hasattr(layer, "kernel")]
    for layer in hidden:
        x = np.maximum(x @ layer.kernel.numpy() + layer.bias.numpy(), 0)
    return x @ last.kernel.numpy() + last.bias.numpy()


def test_the_default_is_the_papers_4_x_512():
    inner = 512 * 512 + 512
    assert mlp_generator((64, 64, 3), 100).count_params() == 100 * 512 + 512 + 3 * inner + 513 * 64 * 64 * 3
    assert mlp_critic((64, 64, 3)).count_params() == 64 * 64 * 3 * 512 + 512 + 3 * inner + 513


def test_a_critic_is_the_mlp_of_its_flattened_input():
    critic = mlp_critic((4, 4, 2), units=8, depth=3)
    images = np.random.default_rng(0).normal(size=(5, 4, 4, 2)).astype("float32")
    np.testing.assert_allclose(critic(images), numpy_mlp(critic, images.reshape(5, 32)), rtol=1e-4, atol=1e-5)


def test_it_has_a_hidden_layer():
    with pytest.raises(ValueError, match="depth is 0"):
        mlp_critic((2,), depth=0)


def test_numbers_of_numpy_are_recorded_as_those_of_python():
    one = mlp_classifier((np.int64(2),), np.int64(3), units=np.int32(4), depth=1, dropout=np.float32(0.5))
    assert json.dumps(one.built_by) == json.dumps(mlp_classifier((2,), 3, units=4, depth=1, dropout=0.5).built_by)


def test_images_end_in_tanh_and_points_do_not():
    latents = 100 * np.random.default_rng(0).normal(size=(16, 3)).astype("float32")
    points = mlp_generator((2,), 3, units=8, depth=2)
    np.testing.assert_allclose(points(latents), numpy_mlp(points, latents), rtol=1e-4)
    assert np.abs(points(latents)).max() > 1
    images = mlp_generator((4, 4, 2), 3, units=8, depth=2)
    expected = np.tanh(numpy_mlp(images, latents)).reshape(16, 4, 4, 2)
    np.testing.assert_allclose(images(latents), expected, atol=1e-5)


@pytest.mark.parametrize("network", [mlp_generator((2,), 3, units=8, depth=2), mlp_critic((3,), units=8, depth=2)])
def test_the_second_derivative_is_zero_where_relu_is_linear(network):
    """Our own layer is in there: nothing of the second derivative by the input is even computed."""
    x = tf.ones((4, 3))
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = network(x)
        gradient = inner.gradient(y, x)
    assert outer.gradient(gradient, x) is None
