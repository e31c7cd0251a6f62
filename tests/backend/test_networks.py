"""Networks make the same on TensorFlow and JAX of the same inputs, and spectral norms follow the same training."""

import pathlib
import runpy

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import networks
from wgan_keras.layers import LeakyReLU, SpectralNormalization

OUTPUTS = pathlib.Path(__file__).with_name("outputs.py")
outputs = runpy.run_path(str(OUTPUTS))

SHAPE = (8, 8, 1)
NETWORKS = {
    "dcgan_generator": lambda: networks.dcgan_generator(SHAPE, 3, 2, upsampling="resize", classes=3),
    "resnet_generator": lambda: networks.resnet_generator(SHAPE, 3, 2, classes=3),
    "dcgan_critic": lambda: networks.dcgan_critic(SHAPE, 2, "spectral", classes=3),
    "resnet_critic": lambda: networks.resnet_critic(SHAPE, 2, "spectral", classes=3, conditioning="classifier"),
}


def spectral_game():
    """A WGAN-GP, so that sigma is differentiated under a penalty, between points of the plane."""
    keras.utils.set_random_seed(0)
    generator = networks.mlp_generator((2,), 2, units=8, depth=1)
    hidden, score = (SpectralNormalization(keras.layers.Dense(units)) for units in (8, 1))
    critic = keras.Sequential([keras.Input((2,)), hidden, LeakyReLU(0.2), score])
    model = wk.WGANGP(generator, critic, n_critic=2, seed=4)
    model.compile(*(keras.optimizers.Adam(1e-2, 0.5, epsilon=1e-3) for _ in range(2)))
    return model


@pytest.fixture(scope="module")
def folder(tmp_path_factory, in_jax):
    folder = tmp_path_factory.mktemp("networks")
    rng = np.random.default_rng(0)
    for name, build in NETWORKS.items():
        network = build()
        for weight in network.trainable_weights:
            weight.assign_add(0.2 * rng.normal(size=weight.shape))
        network.save(folder / f"{name}.keras")
    spectral_game().save(folder / "game.keras")
    in_jax(OUTPUTS, folder)
    return folder


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_the_same_on_both(name, folder):
    here, there = outputs["outputs"](folder / f"{name}.keras"), dict(np.load(folder / f"{name}_on_jax.npz"))
    assert here.keys() == there.keys() and len(here) > 1
    for each, value in here.items():
        np.testing.assert_allclose(there[each], value, atol=1e-5, rtol=1e-5, err_msg=each)


def test_spectral_norms_are_the_same_on_both_before_and_after_two_steps(folder):
    here, model = outputs["steps"]["train"](folder / "game.keras")
    there = dict(np.load(folder / "game_on_jax.npz"))
    assert here.keys() == there.keys()
    for name, value in here.items():
        atol = max(1e-5, 1e-4 * np.abs(value).max())
        np.testing.assert_allclose(there[name], value, atol=atol, rtol=1e-5, err_msg=name)
    place = next(i for i, v in enumerate(model.variables) if v is model.critic.layers[0].u)
    assert np.abs(there[f"trained_{place}"] - there[f"loaded_{place}"]).max() > 1e-4
