"""Writes a generator and images that it makes into a folder: python export.py FOLDER. test_export.py runs it on JAX.

One of its layers is of a module of the user's own.
"""

import pathlib
import sys

import keras
import numpy as np

import wgan_keras as wk
from wgan_keras.runtime import user_modules

folder = sys.argv[1]
OWN = """
import keras

@keras.saving.register_keras_serializable("mine")
class Doubled(keras.layers.Layer):
    def call(self, x):
        return 2 * x
"""
pathlib.Path(folder, "own_layer.py").write_text(OWN)
user_modules.import_modules([folder + "/own_layer.py"])
inner = wk.networks.dcgan_generator((16, 16, 1), latent_dim=4, width=4, classes=3)
doubled = keras.saving.get_registered_object("mine>Doubled")
game = wk.GAN(
    keras.Model(inner.inputs, doubled()(inner.outputs[0])),
    wk.networks.dcgan_critic((16, 16, 1), width=4, classes=3),
)
latents = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
labels = np.eye(3, dtype="float32")[[0, 1, 2, 2, 1]]
np.savez(folder + "/made.npz", latents=latents, labels=labels, images=game.sample(latents=latents, labels=labels))
game.export(folder + "/generator")
