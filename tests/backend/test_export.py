"""What a game on JAX writes for other programs."""

import numpy as np
import tensorflow as tf

WRITE = """
import sys, numpy as np, wgan_keras as wk
folder = sys.argv[1]
game = wk.GAN(
    wk.networks.dcgan_generator((16, 16, 1), latent_dim=4, width=4, classes=3),
    wk.networks.dcgan_critic((16, 16, 1), width=4, classes=3),
)
latents = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
labels = np.eye(3, dtype="float32")[[0, 1, 2, 2, 1]]
np.savez(folder + "/made.npz", latents=latents, labels=labels, images=game.sample(latents=latents, labels=labels))
game.export(folder + "/generator")
"""


def test_a_generator_of_jax_samples_the_same_in_tensorflow(run_on_jax, tmp_path):
    done = run_on_jax("-c", WRITE, tmp_path)
    assert done.returncode == 0, done.stderr
    made = np.load(tmp_path / "made.npz")
    loaded = tf.saved_model.load(str(tmp_path / "generator"))
    given = {name: tf.constant(made[name]) for name in ("latents", "labels")}
    images = loaded.signatures["serving_default"](**given)["images"]
    np.testing.assert_allclose(images, made["images"], atol=1e-5)
