"""Operations whose second derivative TensorFlow lacks or has wrong: measured, and said before a penalty trains."""

import random

import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras import backend

layers = keras.layers


def found(*stack, shape=(6, 6, 3)):
    keras.utils.set_random_seed(0)
    critic = keras.Sequential([keras.Input(shape), *stack, layers.Flatten(), layers.Dense(1)])
    return backend.wrong_second_derivatives(critic, np.random.default_rng(0).normal(size=(2, *shape)))


@pytest.mark.parametrize("method", ["bilinear", "bicubic", "lanczos3"])
def test_resizing_by_more_than_copies_has_none(method):
    up = layers.UpSampling2D(interpolation=method, name="up")
    assert found(up) == {"up": "missing"}


def test_nearest_resizing_has_one():
    assert found(layers.UpSampling2D()) == {}


@pytest.mark.parametrize(
    "layer",
    [layers.LayerNormalization(name="norm"), layers.GroupNormalization(1, name="norm")],
)
def test_keras_normalizations_by_moments_are_wrong(layer):
    assert found(layers.Conv2D(4, 3), layer) == {"norm": "wrong"}


class Own(layers.Layer):
    """A user's own, built on `ops.moments`."""

    def call(self, x):
        mean, variance = ops.moments(x, (1, 2, 3), keepdims=True)
        return (x - mean) / ops.sqrt(variance + 1e-3)


def test_a_users_normalization_by_moments_is_wrong_however_it_is_written():
    assert found(layers.Conv2D(4, 3), Own(name="own")) == {"own": "wrong"}
    assert found(layers.Lambda(Own().call, name="function")) == {"function": "wrong"}
    x = keras.Input((6, 6, 3))
    mean, variance = ops.moments(x, (1, 2, 3), keepdims=True)
    critic = keras.Model(x, layers.Dense(1)(layers.Flatten()((x - mean) / ops.sqrt(variance + 1e-3))))
    images = np.random.default_rng(0).normal(size=(2, 6, 6, 3))
    assert list(backend.wrong_second_derivatives(critic, images).values()) == ["wrong"]


def test_a_layer_in_a_network_in_the_network_is_named():
    inner = keras.Sequential(
        [keras.Input((6, 6, 3)), layers.UpSampling2D(interpolation="bilinear", name="deep"), layers.Conv2D(2, 3)]
    )
    assert found(inner) == {"deep": "missing"}


SOUND = {
    "normalization": [layers.Conv2D(4, 3), wk.layers.LayerNormalization()],
    "activations": [layers.Activation(name) for name in ("relu", "elu", "gelu", "silu", "softplus", "tanh", "mish")],
    "leaky": [layers.Conv2D(4, 3), wk.layers.LeakyReLU(), layers.LeakyReLU(), layers.PReLU()],
    "pooling": [layers.MaxPooling2D(2), layers.AveragePooling2D(2)],
    "convolutions": [layers.DepthwiseConv2D(3), layers.Conv2DTranspose(4, 3, 2), wk.layers.Conv2D(4, 4, 2, "same")],
    "noise": [layers.Dropout(0.5), layers.GaussianNoise(0.1)],
    "spectral": [layers.SpectralNormalization(layers.Conv2D(4, 3))],
    "rms": [layers.Conv2D(4, 3), layers.RMSNormalization(), layers.UnitNormalization()],
}


@pytest.mark.parametrize("kind", SOUND)
def test_sound_layers_raise_no_alarm(kind):
    assert found(*SOUND[kind]) == {}


@pytest.mark.parametrize("shape", [(28, 28, 1), (64, 64, 3)])
def test_the_librarys_own_critics_are_sound(shape):
    critic = wk.networks.dcgan_critic(shape, width=8, normalization="layer")
    assert backend.wrong_second_derivatives(critic, np.random.default_rng(0).normal(size=(2, *shape))) == {}


def game(*stack):
    critic = keras.Sequential([keras.Input((6, 6, 1)), *stack, layers.Flatten(), layers.Dense(1)])
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(36), layers.Reshape((6, 6, 1))])
    return generator, critic


@pytest.mark.parametrize(
    ("layer", "verdict"),
    [
        (layers.UpSampling2D(interpolation="bilinear", name="the_layer"), "missing"),
        (layers.UpSampling2D(interpolation="bicubic", name="the_layer"), "missing"),
        (layers.Resizing(3, 3, interpolation="nearest", name="the_layer"), "missing"),
        (layers.Conv2D(2, 3, activation="softsign", name="the_layer"), "missing"),
        (Own(name="the_layer"), "wrong"),
    ],
)
def test_a_penalty_through_them_is_refused_at_the_first_step(layer, verdict):
    model = wk.WGANGP(*game(layer), n_critic=1)
    model.compile(run_eagerly=True)
    images = np.random.default_rng(0).normal(size=(4, 6, 6, 1)).astype("float32")
    message = f"that of 'the_layer' is {verdict}.*UpSampling2D.interpolation='nearest'. or a pooling.*KERAS_BACKEND=jax"
    with pytest.raises(ValueError, match=message):
        model.fit(images, batch_size=4, verbose=0)
    other = wk.WGAN(*game(layer), n_critic=1)  # differentiates once
    other.compile(run_eagerly=True)
    other.fit(images, batch_size=4, verbose=0)


def test_without_a_penalty_nothing_is_asked_until_it_gets_a_weight():
    model = wk.WGANGP(*game(Own()), n_critic=1, gradient_penalty_weight=0)
    model.compile(run_eagerly=True)
    model.train_on_batch(np.random.default_rng(0).normal(size=(4, 6, 6, 1)).astype("float32"))
    with pytest.raises(ValueError, match="is wrong"):
        model.gradient_penalty_weight = 10.0


def test_measuring_draws_no_random_number_of_others(tiny, points):
    model, state = tiny(wk.WGANGP, compile={"run_eagerly": True}), random.getstate()
    model.train_on_batch(points(8))
    assert random.getstate() == state
