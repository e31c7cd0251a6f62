"""Autoencoders as critics: shapes, the paper's layers, and that they learn to reconstruct."""

import keras
import numpy as np
import pytest

from wgan_keras.networks import autoencoder_critic


@pytest.mark.parametrize("shape", [(2,), (5, 2), (28, 28, 1), (32, 48, 3)])
def test_it_returns_the_shape_it_takes_in_float32(shape, policy):
    policy("mixed_bfloat16")
    network = autoencoder_critic(shape, width=2)
    images = np.zeros((3, *shape), "float32")
    assert network(images).shape == (3, *shape)
    assert keras.backend.standardize_dtype(network(images).dtype) == "float32"


def test_at_32_pixels_it_is_the_papers_64_to_256_and_back():
    """(64)4c2s-(128)4c2s-(256)4c2s and (128)4c2s-(64)4c2s-(3)4c2s, with batch normalization within."""
    layers = autoencoder_critic((32, 32, 3)).layers
    assert [layer.filters for layer in layers if hasattr(layer, "filters")] == [64, 128, 256, 128, 64, 3]
    assert sum(isinstance(layer, keras.layers.BatchNormalization) for layer in layers) == 4


@pytest.mark.parametrize("shape", [pytest.param((2,), marks=pytest.mark.long), (8, 8, 1)])
def test_it_learns_to_reconstruct(shape):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).normal(size=(16, *shape)).astype("float32")
    network = autoencoder_critic(shape, width=4)
    network.compile(keras.optimizers.Adam(5e-2), "mse", run_eagerly=True)
    before = network.evaluate(images, images, verbose=0)
    network.fit(images, images, batch_size=16, epochs=12, verbose=0)
    assert network.evaluate(images, images, verbose=0) < before / 2


def test_a_step_of_a_series_is_reconstructed_from_the_others_too():
    keras.utils.set_random_seed(0)
    series = np.random.default_rng(0).normal(size=(1, 5, 2)).astype("float32")
    network, order = autoencoder_critic((5, 2), width=1), [3, 0, 4, 1, 2]
    assert np.abs(np.array(network(series))[:, order] - network(series[:, order])).max() > 0.1
    assert network.get_layer("code").output.shape == (None, 8)


def test_sizes_that_do_not_halve_are_refused():
    with pytest.raises(ValueError, match="cannot halve 30x30 pixels"):
        autoencoder_critic((30, 30, 1))
