"""Steps of saved games, and what comes out of them: run on each backend by test_parity.py.

`python steps.py FOLDER` does so for every NAME.keras and every preset in FOLDER, and samples the zoo's generators.
"""

import json
import pathlib
import sys

import keras
import numpy as np
from keras import ops

from tools.zoo import golden
from wgan_keras import list_presets, load_model, presets, views
from wgan_keras.recipes import standard

RECIPE = standard({"name": "wgan_gp", "ema_decay": 0.9, "seed": 1}, {"name": "eight_gaussians"}, (2,), width=2)


def points(n, seed):
    return np.random.default_rng(seed).normal((1, -1), 1, (n, 2)).astype("float32")


def data(model, n, seed):
    """(points,), or (points, labels) for a conditional game."""
    labels = [] if model.label_width is None else [np.random.default_rng(seed).integers(model.label_width, size=n)]
    return points(n, seed), *labels


def state_of(model):
    optimizers = model.generator_optimizer.variables + model.critic_optimizer.variables
    return [ops.convert_to_numpy(v.value) for v in [*model.variables, *optimizers]]


def train(path):
    """What a game is when loaded, what two steps log, and what it is then, as arrays by name."""
    model = load_model(path)
    arrays = {f"loaded_{i}": value for i, value in enumerate(state_of(model))}
    arrays["samples_loaded"] = model.sample(5, seed=0)
    history = model.fit(*data(model, 16, 1), batch_size=4, verbose=0, validation_data=data(model, 6, 2)).history
    arrays |= {f"log_{name}": values for name, values in history.items()}
    return arrays | {f"trained_{i}": value for i, value in enumerate(state_of(model))}, model


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


def presets_to_sample():
    """Of the presets with generators of one kind and size, which differ in weights alone, the first."""
    first = {}
    for name in list_presets():
        first.setdefault(json.dumps(presets.open_recipe(name).generator, sort_keys=True), name)
    return list(first.values())


def main(folder):
    backend = keras.backend.backend()
    for path in sorted(folder.glob("*.keras")):
        arrays, model = train(path)
        np.savez(folder / f"{path.stem}_on_{backend}.npz", **arrays)
        model.save(folder / f"{path.stem}_on_{backend}.keras")
    for path in sorted(folder.glob("preset_of_*/")):
        np.save(folder / f"{path.name}_on_{backend}.npy", presets.from_preset(path).sample(5, seed=0))
    save_preset(folder / f"preset_of_{backend}")
    np.save(folder / f"augmented_on_{backend}.npy", augmented())
    for name in presets_to_sample():
        np.save(folder / f"{name}_on_{backend}.npy", golden.sample_values(presets.from_preset(name)))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
