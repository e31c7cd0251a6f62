"""The formats of exported networks, each by the converter that Keras uses."""

import contextlib
import importlib.util
import logging
import os
import pathlib
import warnings

import keras

from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.files.contents import Contents
from wgan_keras.files.saving import whole_file, whole_folder


class Format:
    """A format: its suffix, what must be installed for it, and how it is written.

    Attributes:
        suffix: of its files; "" for a folder.
        needs: the package of its converter, None where that comes with TensorFlow.
    """

    suffix = ""
    needs: str | None = None

    @classmethod
    def check_installed(cls) -> None:
        """ImportError where the converter is not installed."""
        if cls.needs is not None and importlib.util.find_spec(cls.needs) is None:
            raise ImportError(f"A file {cls.suffix} is made by {cls.needs}: pip install 'wgan_keras[export]'.")

    @classmethod
    def place(cls, path: PathLike) -> contextlib.AbstractContextManager[pathlib.Path]:
        """A context: a temporary path, which becomes `path` at its end.

        Raises:
            ValueError: `path` ends otherwise.
        """
        path = pathlib.Path(path).expanduser()
        if path.suffix != cls.suffix:
            raise ValueError(f"The file to write is {path}; expected a name that ends in {cls.suffix}.")
        return whole_file(path)

    @classmethod
    def write(cls, network: keras.Model, path: pathlib.Path) -> None:
        """Writes a network of TensorFlow."""
        raise NotImplementedError


class ONNX(Format):
    """The Open Neural Network Exchange: ONNX Runtime, also in the browser."""

    suffix = ".onnx"
    needs = "tf2onnx"

    @classmethod
    def write(cls, network: keras.Model, path: pathlib.Path) -> None:
        cls.check_installed()
        network(network.input)  # Keras writes none that was never called
        with _quiet():
            network.export(path, format="onnx", verbose=False)
        _finish(path)


class SavedModel(Format):
    """TensorFlow's folder, with the signature `serving_default`."""

    contents = Contents("a SavedModel", "saved_model.pb", ("saved_model.pb", "fingerprint.pb", "variables", "assets"))

    @classmethod
    def place(cls, path: PathLike) -> contextlib.AbstractContextManager[pathlib.Path]:
        return whole_folder(path, cls.contents)

    @classmethod
    def write(cls, network: keras.Model, path: pathlib.Path) -> None:
        network.export(path, format="tf_saved_model", verbose=False)


class LiteRT(Format):
    """TensorFlow Lite's file, of its built-in operations alone, so that any LiteRT runs it."""

    suffix = ".tflite"

    @classmethod
    def write(cls, network: keras.Model, path: pathlib.Path) -> None:
        import tensorflow as tf
        from tensorflow.lite.python.convert import ConverterError

        builtin = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}
        try:
            with _quiet():
                network.export(path, format="litert", verbose=False, target_spec=builtin)
        except ConverterError as error:
            raise _lacking("LiteRT", error) from error


FORMATS: dict[str, type[Format]] = {"onnx": ONNX, "savedmodel": SavedModel, "litert": LiteRT}


@contextlib.contextmanager
def _quiet():
    """Without the lines of the converters, whose exceptions say the same, and a warning for Keras's own developers.

    LiteRT's is written in C++ and writes to the file descriptor.
    """
    logger = logging.getLogger("tf2onnx")
    level = logger.level
    with contextlib.ExitStack() as after, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        logger.setLevel(logging.CRITICAL)
        after.callback(logger.setLevel, level)
        with contextlib.suppress(OSError):  # no standard error
            stderr, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
            after.callback(os.close, stderr)
            after.callback(os.dup2, stderr, 2)
            os.dup2(null, 2)
            os.close(null)
        yield


def _finish(path):
    """Checks that all operations are ONNX's, and calls the first axis "batch", for which the converter has no name."""
    import onnx

    model = onnx.load(path)
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise _lacking("ONNX", error) from error
    for each in (*model.graph.input, *model.graph.output):
        each.type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.save(model, path)


def _lacking(format, error):
    return ValueError(f"{format} lacks an operation of this network; choose another format. {one_line(error)}")
