"""Samples of presets, and pictures as views show them: run on each backend by test_samples.py.

`python samples.py FOLDER` opens every preset in FOLDER, and writes one of its own.
"""

import pathlib
import sys

import keras
import numpy as np
from keras import ops

from wgan_keras import presets, views
from wgan_keras.recipes import standard

RECIPE = standard({"name": "wgan_gp", "ema_decay": 0.9, "seed": 1}, {"name": "eight_gaussians"}, (2,), width=2)


def augmented():
    """Six pictures under all policies, as three packs of two."""
    images = ops.convert_to_tensor(np.random.default_rng(3).normal(size=(6, 16, 24, 2)).astype("float32"))
    for view in (views.DiffAugment(["color", "translation", "cutout", "flip"]), views.Pack(2)):
        images = view(images, 5, 0)
    return ops.convert_to_numpy(images)


def save_preset(folder):
    """Writes a preset and its samples beside it."""
    model = RECIPE.compile(RECIPE.build())
    presets.save(model, RECIPE, folder)
    np.save(f"{folder}.npy", model.sample(5, seed=0))


def main(folder):
    backend = keras.backend.backend()
    for path in sorted(folder.glob("preset_of_*/")):
        np.save(folder / f"{path.name}_on_{backend}.npy", presets.from_preset(path).sample(5, seed=0))
    save_preset(folder / f"preset_of_{backend}")
    np.save(folder / f"augmented_on_{backend}.npy", augmented())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
