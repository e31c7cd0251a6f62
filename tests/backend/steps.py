"""Steps of saved games, and what comes out of them: run on each backend by test_parity.py.

`python steps.py FOLDER [HELD_OUT]` does so for every NAME.keras in FOLDER.
"""

import pathlib
import sys

import keras
import numpy as np
from keras import ops

from wgan_keras import load_model


def points(n, seed):
    return np.random.default_rng(seed).normal((1, -1), 1, (n, 2)).astype("float32")


def data(model, n, seed):
    """(points,), or (points, labels) for a conditional game."""
    labels = [] if model.label_width is None else [np.random.default_rng(seed).integers(model.label_width, size=n)]
    return points(n, seed), *labels


def state_of(model):
    optimizers = model.generator_optimizer.variables + model.critic_optimizer.variables
    return [ops.convert_to_numpy(v.value) for v in [*model.variables, *optimizers]]


def train(path, held_out=4):
    """What a game is when loaded, what two steps log, and what it is then, as arrays by name.

    Four are held out to a batch: a batch of the rest is a program of its own on JAX.
    """
    model = load_model(path)
    model.run_eagerly = keras.backend.backend() == "tensorflow"  # JAX compiles each operation of an eager step
    arrays = {f"loaded_{i}": value for i, value in enumerate(state_of(model))}
    arrays["samples_loaded"] = model.sample(5, seed=0)
    history = model.fit(*data(model, 16, 1), batch_size=4, verbose=0, validation_data=data(model, held_out, 2)).history
    arrays |= {f"log_{name}": values for name, values in history.items()}
    return arrays | {f"trained_{i}": value for i, value in enumerate(state_of(model))}, model


def main(folder, *held_out):
    backend = keras.backend.backend()
    for path in sorted(folder.glob("*.keras")):
        arrays, model = train(path, *held_out)
        np.savez(folder / f"{path.stem}_on_{backend}.npz", **arrays)
        model.save(folder / f"{path.stem}_on_{backend}.keras")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:]))
