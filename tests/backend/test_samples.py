"""Presets make the same samples on TensorFlow and JAX, and views show the same of pictures."""

import json
import pathlib
import runpy

import numpy as np
import pytest

from tools.zoo import golden
from wgan_keras import presets
from wgan_keras.presets import files, store

SAMPLES = pathlib.Path(__file__).with_name("samples.py")
ZOO_SAMPLES = pathlib.Path(__file__).with_name("zoo_samples.py")
samples = runpy.run_path(str(SAMPLES))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, in_jax):
    """A preset written here, and all that samples.py makes on JAX."""
    folder = tmp_path_factory.mktemp("samples")
    samples["save_preset"](folder / "preset_of_tensorflow")
    in_jax(SAMPLES, folder)
    return folder


def test_a_preset_samples_identically_on_both(folder):
    here = np.load(folder / "preset_of_tensorflow.npy")
    np.testing.assert_allclose(np.load(folder / "preset_of_tensorflow_on_jax.npy"), here, atol=1e-5)
    there = np.load(folder / "preset_of_jax.npy")
    assert not np.allclose(here, there, atol=0.1)
    here = presets.from_preset(folder / "preset_of_jax").sample(5, seed=0)
    np.testing.assert_allclose(here, there, atol=1e-5)


def test_pictures_are_augmented_and_packed_alike(folder):
    here = samples["augmented"]()
    assert here.shape == (3, 16, 24, 4)
    np.testing.assert_allclose(np.load(folder / "augmented_on_jax.npy"), here, atol=1e-5)


QUICK = ("gan_eight_gaussians", "wgan_gp_fashion_mnist_labels", "wgan_gp_resnet_fashion_mnist")


def by_generator():
    """The first preset with a generator, as others differ in weights alone."""
    generators, found = set(), []
    for name in presets.list_presets():
        generator = json.dumps(presets.open_recipe(name).generator, sort_keys=True)
        if generator not in generators:
            found.append(pytest.param(name, marks=[] if name in QUICK else pytest.mark.long))
        generators.add(generator)
    return found


@pytest.mark.parametrize("name", by_generator())
def test_a_built_in_preset_makes_its_samples_on_jax(name, in_jax, tmp_path):
    in_jax(ZOO_SAMPLES, name, tmp_path / "samples.npy")
    kept, close = files.read_metadata(store.ZOO / name)["golden"]["samples"], golden.close(presets.open_recipe(name))
    assert golden.distance(np.load(tmp_path / "samples.npy"), kept) <= close
