"""PyTorch's checkpoints of plain tensors without PyTorch: its zip files, and the files before version 1.6.

Both hold a pickle that names tensors by the storages that hold their numbers. Of a pickle's power only that is allowed:
whatever else a file asks for is refused and not run.
"""

import collections
import io
import pathlib
import pickle
import struct
import zipfile
import zlib
from typing import NamedTuple

import numpy as np

from wgan_keras._text import one_line

_TYPES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
}
_LEGACY = 0x1950A86A20F9469CFC6C  # the number with which the older files begin
_UNREADABLE = (
    pickle.UnpicklingError,
    OSError,
    EOFError,
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,  # a wrong checksum
    zlib.error,
    RuntimeError,  # a password, or a compression that is not known
)


def read_checkpoint(path: pathlib.Path) -> dict[str, np.ndarray]:
    """{name: array} of a file that `torch.save(module.state_dict(), path)` wrote.

    Raises:
        ValueError: the file holds something else.
    """
    try:
        state, storages = _zipped(path) if zipfile.is_zipfile(path) else _legacy(path)
        return {name: tensor.array(storages) for name, tensor in state.items()}
    except _UNREADABLE as error:
        raise ValueError(
            f"{path} is no checkpoint of tensors by PyTorch ({type(error).__name__}: {one_line(error)}); expected what "
            "torch.save(module.state_dict(), path) writes."
        ) from error


class _Tensor(NamedTuple):
    """Where a tensor's numbers lie: in a storage of one type from `offset` on, in steps of `stride` along its axes."""

    dtype: str
    key: str
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]

    def array(self, storages):
        flat = np.frombuffer(storages[self.key], self.dtype)
        farthest = self.offset + sum((n - 1) * step for n, step in zip(self.size, self.stride, strict=True))
        if min((self.offset, *self.size, *self.stride)) < 0 or farthest >= len(flat):
            raise ValueError(f"a tensor of shape {self.size} reaches beyond its storage")
        strides = [step * flat.itemsize for step in self.stride]
        return np.lib.stride_tricks.as_strided(flat[self.offset :], self.size, strides).copy()


class _Unpickler(pickle.Unpickler):
    """A pickle of tensors as `_Tensor`s."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _TYPES:
            return _TYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, identity):
        _, dtype, key, *_ = identity
        return dtype, str(key)


def _tensor(storage, offset, size, stride, *_):
    return _Tensor(*storage, offset, size, stride)


def _zipped(path):
    with zipfile.ZipFile(path) as archive:
        (pickled,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
        folder = f"{pickled.removesuffix('.pkl')}/"
        keys = [name.removeprefix(folder) for name in archive.namelist() if name.startswith(folder)]
        state = _Unpickler(io.BytesIO(archive.read(pickled))).load()
        return state, {key: archive.read(f"{folder}{key}") for key in keys}


def _legacy(path):
    """A magic number, a version, facts of the system, the state, the storages' keys; then each storage's numbers."""
    with open(path, "rb") as file:
        magic, _, _, state, keys = (_Unpickler(file).load() for _ in range(5))
        if magic != _LEGACY:
            raise ValueError("it does not begin as one")
        width = {tensor.key: np.dtype(tensor.dtype).itemsize for tensor in state.values()}
        storages = {}
        for key in map(str, keys):
            (count,) = struct.unpack("<Q", file.read(8))
            storages[key] = file.read(count * width[key])
    return state, storages
