"""The weights of the Inception network of 2015 in the files of others: PyTorch's checkpoint, TensorFlow's graph."""

import pathlib
import re
from typing import Any

import numpy as np

from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.files.saving import sha256
from wgan_keras.metrics.torch_files import read_checkpoint

# TensorFlow's names of blocks and branches by torch-fidelity's: `mixed/tower/conv_1` is `Mixed_5b.branch5x5_2`.
_STEM = ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3")
_MIXED = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")
_TOWERS = (  # by the kind of block, the digit of its name and its letter
    ("6a", {"branch3x3": "", "branch3x3dbl": "tower"}),
    ("7a", {"branch3x3": "tower", "branch7x7x3": "tower_1"}),
    ("7.", {"branch1x1": "", "branch3x3": "tower", "branch3x3dbl": "tower_1", "branch_pool": "tower_2"}),
    ("5.", {"branch1x1": "", "branch5x5": "tower", "branch3x3dbl": "tower_1", "branch_pool": "tower_2"}),
    ("6.", {"branch1x1": "", "branch7x7": "tower", "branch7x7dbl": "tower_1", "branch_pool": "tower_2"}),
)
_NORMALIZATION = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def read_weights(path: PathLike | None) -> tuple[dict[str, np.ndarray], str]:
    """({name: array} by torch-fidelity's names and in its shapes, the file's sha256).

    Args:
        path: a `.pth` of torch-fidelity or pytorch-fid, or TensorFlow's `classify_image_graph_def.pb`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file holds something else.
    """
    file = None if path is None else pathlib.Path(path).expanduser()
    if file is None or not file.is_file():
        raise FileNotFoundError(
            "The extractor 'inception2015' needs a file of its weights, weights-inception-2015-12-05-6726825d.pth of "
            f"torch-fidelity or classify_image_graph_def.pb of TensorFlow; {path!r} is none. Nothing is downloaded."
        )
    arrays = _GraphNames(_constants(file)) if file.suffix == ".pb" else read_checkpoint(file)
    return arrays, sha256(file)


def in_graph(name: str) -> str:
    """TensorFlow's name of an array by torch-fidelity's; KeyError for one that is none."""
    if name == "fc.weight":
        return "softmax/weights"
    *module, kind, parameter = name.split(".")
    place = _place(*module)
    if kind == "conv":
        return f"{place}/conv2d_params"
    return f"{place}/batchnorm/{_NORMALIZATION[parameter]}"


def _place(block, branch=None):
    if branch is None:
        number = _STEM.index(block)
        return f"conv_{number}" if number else "conv"
    which = block.removeprefix("Mixed_")
    number = _MIXED.index(which)
    mixed = f"mixed_{number}" if number else "mixed"
    towers = next(towers for pattern, towers in _TOWERS if re.fullmatch(pattern, which))
    stem, step, side = re.fullmatch(r"(branch\w*?)(?:_(\d)([ab]?))?", branch).groups()
    inner = f"mixed/conv{'_1' if side == 'b' else ''}" if side else _numbered(step)
    return "/".join(filter(None, (mixed, towers[stem], inner)))


def _numbered(step):
    return "conv" if step in (None, "1") else f"conv_{int(step) - 1}"


class _GraphNames(dict[str, Any]):
    """The constants of TensorFlow's graph by torch-fidelity's names, in its shapes."""

    def __contains__(self, name):
        return super().__contains__(in_graph(name))

    def __getitem__(self, name):
        array = super().__getitem__(in_graph(name))
        return array.transpose(3, 2, 0, 1) if array.ndim == 4 else array.T


def _constants(file):
    """{name: array} of the constants of a graph."""
    import tensorflow as tf

    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(file.read_bytes())
        return {node.name: tf.make_ndarray(node.attr["value"].tensor) for node in graph.node if node.op == "Const"}
    except Exception as error:  # protobuf's DecodeError, which its packages keep in different places
        raise ValueError(
            f"{file} is no graph of TensorFlow ({one_line(error)}); expected classify_image_graph_def.pb."
        ) from error
