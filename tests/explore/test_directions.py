"""The directions of the page, from a generator's first dense layer."""

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.explore.directions import principal


def first_layer(latent_dim, kernel):
    """A generator whose first layer is z -> z @ kernel + 1."""
    z = keras.Input((latent_dim,))
    dense = keras.layers.Dense(np.shape(kernel)[1], bias_initializer="ones")
    network = keras.Model(z, keras.layers.Dense(1)(keras.layers.ReLU()(dense(z))))
    dense.kernel.assign(kernel)
    return network


def test_directions_of_a_layer_that_stretches_its_axes_are_these_axes():
    found = principal(first_layer(3, [[0, 2, 0], [0, 0, -5], [1, 0, 0]]), 3)
    np.testing.assert_allclose(found, [[0, 1, 0], [1, 0, 0], [0, 0, 1]], atol=1e-6)


def test_no_other_unit_vector_moves_the_first_layer_further():
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(6, 9))
    found = principal(first_layer(6, kernel), 6, most=2)
    assert found.shape == (2, 6)
    reach = np.linalg.norm(found @ kernel, axis=1)
    others = rng.normal(size=(10_000, 6))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    assert reach[0] > np.linalg.norm(others @ kernel, axis=1).max()
    across = others - np.outer(others @ found[0], found[0])  # to the first one
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    assert reach[1] > np.linalg.norm(across @ kernel, axis=1).max()


def test_an_embedding_of_labels_has_no_part_in_the_directions():
    conditional = wk.networks.mlp_generator((8, 8, 1), 4, units=7, depth=1, classes=6)
    kernels = [weight for weight in conditional.weights if weight.shape == (8, 7)]  # of [latents, embedding]
    found = principal(conditional, 4)
    kernel = np.array(kernels[0])[:4]
    np.testing.assert_allclose(np.linalg.norm(found @ kernel, axis=1), np.linalg.svd(kernel)[1], rtol=1e-5)


L = keras.layers


@pytest.mark.parametrize("beside", ["behind", "before", "within", "normalized"])
def test_the_dense_layer_is_that_of_the_latents_wherever_the_labels_go(beside):
    z, labels = keras.Input((4,)), keras.Input((3,))
    embedding, first = L.Dense(8)(L.Dense(8)(labels)), L.Dense(5)
    wrapped = wk.layers.SpectralNormalization(first) if beside == "normalized" else first
    given = L.Concatenate()([embedding, z] if beside == "before" else [z, embedding])
    if beside == "within":
        wrapped = keras.Sequential([keras.Input((12,)), L.Dropout(0.1), first])
    outputs = L.Dense(1)(wrapped(given))
    kernel = np.asarray(first.kernel)
    kernel = kernel[8:] if beside == "before" else kernel[:4]
    found = principal(keras.Model([z, labels], outputs), 4)
    np.testing.assert_allclose(np.linalg.norm(found @ kernel, axis=1), np.linalg.svd(kernel)[1], rtol=1e-5)


class Block(L.Layer):
    """A dense layer in a layer of one's own, which may do anything beside it."""

    def __init__(self):
        super().__init__()
        self.dense = L.Dense(2)

    def call(self, x):
        return self.dense(x * x)


class Squared(L.Dense):
    def call(self, x):
        return super().call(x * x)


@pytest.mark.parametrize(
    "first",
    [
        lambda z: L.Conv2DTranspose(1, 2)(L.Reshape((2, 2, 1))(z)),
        lambda z: L.TimeDistributed(L.Dense(2))(L.Reshape((4, 1))(z)),
        lambda z: Block()(z),
        lambda z: Squared(2)(z),
        lambda z: L.Dense(2)(L.UnitNormalization()(z)),
        lambda z: L.Concatenate()([L.Dense(2)(z), z]),
        lambda z: L.Dense(2)(L.Concatenate()([z, z])),
    ],
    ids=["convolution", "a step at a time", "block", "own", "normalized", "two ways", "twice"],
)
def test_there_are_none_where_no_dense_layer_tells_them_for_sure(first):
    z = keras.Input((4,))
    assert principal(keras.Model(z, L.Dense(1)(first(z))), 4).shape == (0, 4)
