"""Exported files, run by the programs they are for."""

import functools

import numpy as np
import pytest

SUFFIX = {"onnx": ".onnx", "savedmodel": "", "litert": ".tflite"}


def in_onnx_runtime(path, inputs):
    import onnxruntime

    session = onnxruntime.InferenceSession(path)
    return dict(zip([each.name for each in session.get_outputs()], session.run(None, inputs), strict=True))


def in_tensorflow(path, inputs):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))  # kept, as its variables go with it
    outputs = loaded.signatures["serving_default"](**{name: tf.constant(value) for name, value in inputs.items()})
    return {name: value.numpy() for name, value in outputs.items()}


def in_litert(path, inputs):
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_path=str(path)).get_signature_runner()(**inputs)


RUNTIMES = {"onnx": in_onnx_runtime, "savedmodel": in_tensorflow, "litert": in_litert}


def write(format, folder, game, network="generator", pixels="float"):
    """A function of the inputs by name: the outputs by name of a network in a format, run from its file."""
    path = folder / f"{network}{SUFFIX[format]}"
    game.export(path, format, network, pixels)
    return lambda **inputs: RUNTIMES[format](path, {name: np.asarray(value) for name, value in inputs.items()})


def run(format, folder, game, network="generator", pixels="float", **inputs):
    """The outputs by name of a network that was just written."""
    return write(format, folder, game, network, pixels)(**inputs)


@pytest.fixture(params=["onnx", "litert"])
def written(request, tmp_path):
    """written(game, ...): `write` in the formats that convert every operation."""
    return functools.partial(write, request.param, tmp_path)


@pytest.fixture(params=["onnx", "litert"])
def exported(request, tmp_path):
    """exported(game, ...): `run` in these formats."""
    return functools.partial(run, request.param, tmp_path)


@pytest.fixture
def exported_graph(tmp_path):
    """exported_graph(game, ...): `run` in TensorFlow's own format."""
    return functools.partial(run, "savedmodel", tmp_path)
