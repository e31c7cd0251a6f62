"""The layers that look at a batch, and those that bring one: the same steps on TensorFlow and JAX, from one file."""

import pathlib
import runpy

import keras
import numpy as np

import wgan_keras as wk
from wgan_keras.layers.minibatch import MinibatchDiscrimination, MinibatchStandardDeviation
from wgan_keras.layers.virtual_batch_normalization import DropReference, ReferenceBatch, VirtualBatchNormalization

STEPS = pathlib.Path(__file__).with_name("steps.py")


def network(reference, outputs, *ends):
    hidden = [keras.layers.Dense(8, use_bias=False), VirtualBatchNormalization(len(reference)), wk.layers.LeakyReLU()]
    parts = [ReferenceBatch(reference), *hidden, DropReference(len(reference)), *ends, keras.layers.Dense(outputs)]
    return keras.Sequential([keras.Input((2,)), *parts])


def test_two_steps_are_the_same_on_both(tmp_path, in_jax, points):
    """Numbers of the file to the bit; losses, weights, moments and samples within 1e-5."""
    keras.utils.set_random_seed(0)
    generator = network(wk.random.normal((3, 2), seed=7), 2)
    critic = network(points(5, seed=1), 1, MinibatchStandardDeviation(2), MinibatchDiscrimination(3, 2))
    model = wk.GAN(generator, critic, n_critic=2, ema_decay=0.9, seed=0)
    # Where a gradient is rounding noise, a smaller epsilon would make a step of it.
    model.compile(*(keras.optimizers.Adam(1e-3, 0.5, epsilon=1e-3) for _ in range(2)))
    model.train_on_batch(points(8))
    model.save(tmp_path / "gan.keras")
    in_jax(STEPS, tmp_path)
    here, _ = runpy.run_path(str(STEPS))["train"](tmp_path / "gan.keras")
    there = np.load(tmp_path / "gan_on_jax.npz")
    assert set(here) == set(there)
    for name, value in here.items():
        if name.startswith("loaded"):
            np.testing.assert_array_equal(there[name], value, err_msg=name)
        else:
            np.testing.assert_allclose(there[name], value, atol=1e-5, rtol=1e-5, err_msg=name)
    moved = [not np.array_equal(here[f"loaded_{i}"], here[f"trained_{i}"]) for i in range(len(model.variables))]
    assert sum(moved) > 12
