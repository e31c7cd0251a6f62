"""One of COUNT processes that train together: python worker.py INDEX COUNT ADDRESSES FOLDER; test_processes.py runs it.

It trains and writes what it has into FOLDER. Not alone, it trains on; then the last process dies, and the others say
what happened.
"""

import contextlib
import json
import os
import pathlib
import signal
import sys

from tests import loading  # noqa: F401  (loads Keras)

# isort: split

import keras
import numpy as np

import wgan_keras as wk


def scope(index, count, addresses):
    if count == 1:
        return contextlib.nullcontext()
    if keras.backend.backend() == "jax":
        sys.modules["tensorflow"] = None  # Keras would import it to seed it, which takes as long as to train
        keras.distribution.initialize(addresses[0], count, index)
        return keras.distribution.DataParallel().scope()
    import tensorflow as tf

    cluster = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    os.environ["TF_CONFIG"] = json.dumps(cluster)
    return tf.distribute.MultiWorkerMirroredStrategy().scope()


def points(n):
    return np.random.default_rng(0).normal((1, -1), 1, (n, 2)).astype("float32")


def build():
    keras.utils.set_random_seed(3)
    layers = keras.layers
    hidden = [layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
    generator = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(2)])
    model = wk.WGANGP(generator, wk.networks.mlp_critic((2,), units=8, depth=1), n_critic=2, ema_decay=0.9, seed=4)
    model.compile(*(keras.optimizers.SGD(0.05) for _ in range(2)))
    return model


def train(model):
    """Samples, logs and the whole state after 8 steps, in which rounding has not grown yet."""
    history = model.fit(points(16 * 8), batch_size=8, verbose=0, validation_data=points(16 * 8)[:21]).history
    optimizers = model.generator_optimizer.variables + model.critic_optimizer.variables
    state = [v.numpy() for v in [*model.variables, *optimizers]]
    return [model.sample(4, seed=0), *history.values(), *state]


class Die(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if batch == 3:
            os.kill(os.getpid(), signal.SIGKILL)


def main(index, count, addresses, folder):
    with scope(index, count, addresses):
        model = build()
    np.savez(folder / f"{index}.npz", *train(model))
    if count == 1:
        return
    model.save(folder / f"{index}.keras")
    try:
        model.fit(points(16 * 8), batch_size=8, verbose=0, callbacks=[Die()] if index == count - 1 else [])
    except ConnectionError as error:
        print(error, flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(","), pathlib.Path(sys.argv[4]))
