"""What a game on JAX writes for other programs."""

import pathlib

import numpy as np
import tensorflow as tf

WRITE = pathlib.Path(__file__).with_name("export.py")


def test_a_generator_of_jax_samples_the_same_in_tensorflow(in_jax, tmp_path):
    in_jax(WRITE, tmp_path)
    made = np.load(tmp_path / "made.npz")
    loaded = tf.saved_model.load(str(tmp_path / "generator"))
    given = {name: tf.constant(made[name]) for name in ("latents", "labels")}
    images = loaded.signatures["serving_default"](**given)["images"]
    np.testing.assert_allclose(images, made["images"], atol=1e-5)
