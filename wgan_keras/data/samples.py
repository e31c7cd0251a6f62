"""Samples that any program made: a folder of pictures, or one array in a file."""

import pathlib
from typing import Any

import numpy as np

from wgan_keras._progress import Progress, silent
from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.data import pictures
from wgan_keras.data.decoding import read_all
from wgan_keras.data.folder_listing import list_pictures
from wgan_keras.data.folder_report import complaint
from wgan_keras.files.archives import DAMAGE
from wgan_keras.pipelines.pixels import check_range
from wgan_keras.runtime import memory

_NAMES = ("samples", "arr_0")  # of arrays in an .npz: this library's, and NumPy's for one without a name


class Samples:
    """Samples in a folder of pictures, or in an .npz or .npy file; found, and read by `read`.

    Args:
        path: the folder or file. Of an .npz it is the array `samples`, or `arr_0`, or the only one.

    Raises:
        FileNotFoundError: there is none.
        ValueError: a folder without pictures, or a file that holds no such array.
    """

    def __init__(self, path: PathLike) -> None:
        self.path = pathlib.Path(path).expanduser()
        if not (self.path.is_dir() or self.path.is_file()):
            raise FileNotFoundError(
                f"{self.path} is neither a folder nor a file; expected a folder of pictures, or an .npz or .npy file."
            )
        self._source: Any = _Files(self.path) if self.path.is_dir() else _array(self.path)

    def read(self, shape: tuple[int, ...], count: int, seed: int = 0, progress: Progress = silent) -> np.ndarray:
        """`count` of the samples: pictures uint8 in [0, 255] or float32 in [-1, 1], (count, *shape); points float32.

        Args:
            shape: of one sample, (height, width, channels) or (2,). An array (n, height, width) is of one channel.
            count: how many; where there are more, some of them without replacement.
            seed: of that choice; one seed, one choice.
            progress: wraps what takes time with pictures, as `tqdm.tqdm(items, total=how_many, desc=what)`.

        Raises:
            ValueError: too few samples, another shape, pictures of another size or in color where they should be gray,
                or numbers of another type or range.
        """
        n = len(self._source)
        if n < count:
            raise ValueError(
                f"{self.path} holds {n:,} samples, and the protocol takes {count:,}; give more, or name a protocol of "
                f"at most {n}."
            )
        chosen = np.sort(np.random.default_rng(seed).permutation(n)[:count])
        if isinstance(self._source, _Files):
            return self._source.read(chosen, shape, progress)
        return _checked(self.path, _shaped(self.path, self._source, shape)[chosen])


class _Files:
    """Picture files of one size."""

    def __init__(self, folder):
        self._folder = folder
        self._paths = list_pictures(folder).files

    def __len__(self):
        return len(self._paths)

    def read(self, chosen, shape, progress):
        if len(shape) != 3 or shape[2] not in (1, 3):
            raise ValueError(f"{self._folder} holds pictures; expected samples of shape {('n', *shape)}, in an .npz.")
        memory.refuse_beyond(len(chosen) * np.prod(shape), f"{len(chosen)} pictures", "name a protocol of fewer")
        paths = [self._paths[i] for i in chosen]
        found, unreadable = read_all(lambda path: _picture(path, shape), paths, progress)
        if unreadable:
            raise ValueError(complaint(self._folder, unreadable, len(paths)))
        unfit = [(path, pixels) for path, pixels in zip(paths, found, strict=True) if isinstance(pixels, str)]
        if unfit:
            path, what = unfit[0]
            raise ValueError(
                f"{len(unfit)} of {len(paths)} pictures are not like the data, {path} is {what}; expected {shape[1]}x"
                f"{shape[0]} pixels in {'gray' if shape[2] == 1 else 'color or gray'}. Nothing is resized here."
            )
        return np.stack(found)


def _picture(path, shape):
    """Its pixels uint8 in that shape, or in words what it is instead."""
    height, width, channels = shape
    with pictures.opened(path) as image:
        opaque = pictures.flatten(pictures.upright(image))
    if opaque.size != (width, height):
        return f"{opaque.width}x{opaque.height} pixels"
    pixels = np.asarray(opaque.convert("RGB"))
    if channels == 1:
        return pixels[..., :1] if (pixels == pixels[..., :1]).all() else "in color"
    return pixels


def _array(path):
    try:
        array = np.load(path, mmap_mode="r")
        if not isinstance(array, np.ndarray):
            with array as arrays:
                array = arrays[_name(list(arrays))]
    except (*DAMAGE, KeyError) as error:
        raise ValueError(
            f"{path} holds no array of samples: {one_line(error)}. Expected numpy.savez(path, samples=samples)."
        ) from error
    if array.ndim == 0:
        raise ValueError(f"{path} holds a single {array.dtype}; expected an array (n, height, width, channels).")
    return array


def _name(names):
    """Which of an .npz's arrays holds the samples."""
    named = [name for name in _NAMES if name in names] or names
    if not named or (len(named) > 1 and named[0] not in _NAMES):
        raise ValueError(f"its arrays are called {', '.join(names)}, if anything")
    return named[0]


def _shaped(path, array, shape):
    if array.shape[1:] == shape:
        return array
    if len(shape) == 3 and shape[2] == 1 and array.shape[1:] == shape[:2]:
        return array[..., None]
    first = len(shape) == 3 and array.shape[1:] == (shape[2], *shape[:2])
    remedy = " Take samples.transpose(0, 2, 3, 1)." if first else ""
    raise ValueError(f"{path} holds samples of shape {array.shape}; expected {('n', *shape)}, as the data.{remedy}")


def _checked(path, samples):
    """uint8, or float32 in [-1, 1]; points float32 of any range."""
    if samples.dtype == np.uint8 and samples.ndim == 4:
        return samples
    if not np.issubdtype(samples.dtype, np.floating):
        raise ValueError(f"{path} holds {samples.dtype}; expected floats in [-1, 1], or uint8 in 0..255 for pictures.")
    if samples.ndim == 4:
        check_range(samples, str(path), "samples")
    return samples.astype("float32")
