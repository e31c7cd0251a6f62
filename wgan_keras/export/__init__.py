"""Networks as files that other programs run: ONNX, SavedModel, LiteRT."""

import keras

from wgan_keras._text import did_you_mean, listed
from wgan_keras._types import PathLike
from wgan_keras.export import elsewhere
from wgan_keras.export.formats import FORMATS


def write(network: keras.Model, path: PathLike, format: str) -> None:
    """Writes a network in a format of `FORMATS`, whole or not at all; what was there before is replaced.

    Args:
        network: Functional model in float32, whose inputs are named and whose outputs are a dictionary.
        path: ends as the format's files do; `savedmodel` makes a folder.

    Raises:
        ValueError: an unknown format, another suffix, a folder that holds something else, or a network with an
            operation that the format lacks.
        ImportError: the format's converter is not installed.
        NotWrittenError: the folder cannot be written or the disk is full.
    """
    if format not in FORMATS:
        raise ValueError(f"format is {format!r}{did_you_mean(format, FORMATS)}; expected {listed(FORMATS)}.")
    form = FORMATS[format]
    with form.place(path) as temporary:
        if keras.backend.backend() == "tensorflow":
            form.write(network, temporary)
        else:
            elsewhere.write(network, temporary, format)


__all__ = ["FORMATS", "write"]
