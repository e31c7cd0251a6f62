"""Conversion in a process of its own that runs on TensorFlow, which the converters start from; for games on JAX."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import keras

from wgan_keras._text import one_line
from wgan_keras.export import needed
from wgan_keras.export.formats import FORMATS
from wgan_keras.files.temporaries import workshop
from wgan_keras.runtime import user_modules

_CALL = "import sys; from wgan_keras.runtime import startup; startup.call(*sys.argv[1:])"
_REFUSED = 3  # the exit status of a conversion that ends in a message for the user


def write(network: keras.Model, path: pathlib.Path, format: str) -> None:
    """As the format's `write`, for a network on any backend.

    Raises:
        ValueError: as the format's `write`, or as `needed.modules`.
        ImportError: the converter or TensorFlow is not installed.
        RuntimeError: the other process failed.
    """
    FORMATS[format].check_installed()
    if importlib.util.find_spec("tensorflow") is None:
        raise ImportError("Every format is made from a graph of TensorFlow: pip install tensorflow.")
    with workshop(path.parent) as folder:
        saved = folder / "network.keras"
        network.save(saved)
        modules = [*user_modules.imported(), *needed.modules(saved)]
        command = [sys.executable, "-c", _CALL, __name__, convert.__name__, str(saved), str(path), format, *modules]
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode == _REFUSED:
        raise ValueError(done.stdout.strip())
    if done.returncode:
        last = (done.stderr.strip() or f"status {done.returncode}").splitlines()[-1]
        raise RuntimeError(f"The conversion, a process on TensorFlow, failed: {one_line(last)}")


def convert(saved: str, path: str, format: str, *modules: str) -> None:
    """The whole work of the other process, which imports the user's `modules` too."""
    import wgan_keras.layers  # noqa: F401, registers what a saved network may hold

    user_modules.import_modules(modules)
    network = keras.saving.load_model(saved, compile=False)
    try:
        FORMATS[format].write(network, pathlib.Path(path))
    except ValueError as error:
        print(error)
        sys.exit(_REFUSED)


def _environment():
    """TensorFlow on the CPU, so that it takes no memory of a GPU that JAX holds; and modules found as they are here."""
    return {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),
    }
