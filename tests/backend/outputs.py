"""What saved networks make of fixed inputs: run on each backend by test_networks.py, as `python outputs.py FOLDER`.

For every NAME.keras in FOLDER; game.keras is a game, and takes two steps as well.
"""

import functools
import pathlib
import runpy
import sys

import keras
import numpy as np

import wgan_keras.models  # noqa: F401  (registers the layers)

steps = runpy.run_path(str(pathlib.Path(__file__).with_name("steps.py")))


def inputs_of(network):
    """Fixed ones for each input; labels are mixtures of classes."""
    rng = np.random.default_rng(0)
    made = [rng.uniform(-1, 1, (5, *x.shape[1:])) for x in network.inputs]
    made = [np.abs(x) / np.abs(x).sum(1, keepdims=True) if x.ndim == 2 else x for x in made]
    return made if len(made) > 1 else made[0]


def in_training(network, inputs):
    """(outputs, states that are not trained)."""
    call = functools.partial(network.stateless_call, training=True)
    if keras.backend.backend() == "jax":
        import jax

        call = jax.jit(call)  # which else compiles each operation by itself
    values = ([v.value for v in each] for each in (network.trainable_variables, network.non_trainable_variables))
    return call(*values, inputs)


def outputs(path):
    """{name: array} of the outputs in use, in training, and of the state behind these."""
    network = keras.saving.load_model(path)
    inputs = inputs_of(network)
    found = {f"in use {i}": y for i, y in enumerate(keras.tree.flatten(network.predict(inputs, verbose=0)))}
    inputs = keras.tree.map_structure(lambda x: keras.ops.convert_to_tensor(x, "float32"), inputs)
    trained, states = in_training(network, inputs)
    found |= {f"in training {i}": keras.ops.convert_to_numpy(y) for i, y in enumerate(keras.tree.flatten(trained))}
    return found | {f"state {i}": keras.ops.convert_to_numpy(value) for i, value in enumerate(states)}


def main(folder):
    for path in sorted(folder.glob("*.keras")):
        arrays = steps["train"](path)[0] if path.stem == "game" else outputs(path)
        np.savez(folder / f"{path.stem}_on_{keras.backend.backend()}.npz", **arrays)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
