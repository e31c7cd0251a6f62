"""The IDX files of MNIST and Fashion-MNIST, gzipped.

Format: big-endian; two zero bytes, the type (0x08 is uint8), the number of axes, one uint32 length an axis,
then the values. Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
"""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from wgan_keras._types import PathLike

_PREFIXES = {"train": "train", "test": "t10k"}
_SUFFIXES = {"images": "images-idx3-ubyte.gz", "labels": "labels-idx1-ubyte.gz"}
_AXES = {"images": 3, "labels": 1}


def file_name(split: str, what: str) -> str:
    """The usual name of a file: `split` is "train" or "test", `what` is "images" or "labels"."""
    return f"{_PREFIXES[split]}-{_SUFFIXES[what]}"


def is_idx_folder(folder: PathLike) -> bool:
    """Whether a folder holds image files in IDX format (of either split)."""
    return any((Path(folder) / file_name(split, "images")).is_file() for split in _PREFIXES)


def read_images(folder: PathLike, split: str) -> np.ndarray:
    """All images of a split: uint8 (N, H, W, 1)."""
    return _read(Path(folder) / file_name(split, "images"), _AXES["images"])[..., None]


def read_labels(folder: PathLike, split: str) -> np.ndarray:
    """All labels of a split: int64 (N,)."""
    return _read(Path(folder) / file_name(split, "labels"), _AXES["labels"]).astype("int64")


def _read(path, axes):
    """One file as a uint8 array; FileNotFoundError or ValueError names the file and what is wrong with it."""
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}; put the IDX file there under this name")
    try:
        content = gzip.decompress(path.read_bytes())
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path} is damaged or cut short ({error}); fetch it again") from error
    header = 4 + 4 * axes
    magic = bytes([0, 0, 0x08, axes])
    if len(content) < header or content[:4] != magic:
        raise ValueError(
            f"{path} is not an IDX file of uint8 with {axes} axes: it begins with 0x{content[:4].hex()}, "
            f"expected 0x{magic.hex()}; fetch it again"
        )
    shape = struct.unpack(f">{axes}I", content[4:header])
    if len(content) - header != math.prod(shape):
        raise ValueError(
            f"{path} holds {len(content) - header} values, its header says {math.prod(shape)} "
            f"(shape {shape}); fetch it again"
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
