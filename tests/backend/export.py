"""Writes a generator and images that it makes into a folder: python export.py FOLDER. test_export.py runs it on JAX."""

import sys

import numpy as np

import wgan_keras as wk

folder = sys.argv[1]
game = wk.GAN(
    wk.networks.dcgan_generator((16, 16, 1), latent_dim=4, width=4, classes=3),
    wk.networks.dcgan_critic((16, 16, 1), width=4, classes=3),
)
latents = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
labels = np.eye(3, dtype="float32")[[0, 1, 2, 2, 1]]
np.savez(folder + "/made.npz", latents=latents, labels=labels, images=game.sample(latents=latents, labels=labels))
game.export(folder + "/generator")
