"""The weights of a preset in a file: of an averaged generator the average alone, which is the one that samples."""

import pathlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import keras

GENERATOR, AVERAGE = "generator", "generator_ema"  # the game's attributes, by which Keras names their groups


def save(game: keras.Model, path: pathlib.Path) -> None:
    """Writes them; the generator's are those of its average, if it has one."""
    import h5py

    with _a_file() as whole:
        game.save_weights(whole)
        with h5py.File(whole) as source, h5py.File(path, "w") as target:
            target.attrs.update(source.attrs)
            for name in source:
                if name != AVERAGE:
                    averaged = name == GENERATOR and AVERAGE in source
                    source.copy(AVERAGE if averaged else name, target, name)


def load(game: keras.Model, path: pathlib.Path, iterations: int) -> None:
    """Reads them. An average that the file has not, as in all but those of version 0.1, begins as the generator.

    Args:
        iterations: how many steps the average has made, where the file does not say so.
    """
    import h5py

    with _a_file() as whole:
        shutil.copyfile(path, whole)
        with h5py.File(whole, "r+") as file:
            if game.generator_ema is not None and AVERAGE not in file:
                file.copy(GENERATOR, AVERAGE)
        game.load_weights(whole)
    if game.generator_ema is not None and int(game.average_steps.numpy()) < 0:
        game.average_steps.assign(iterations)


@contextmanager
def _a_file() -> Iterator[pathlib.Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder) / "whole.weights.h5"
