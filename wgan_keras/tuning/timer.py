"""How long a trial took, over all its runs."""

import math
import pathlib
import time

import keras

from wgan_keras._text import shown
from wgan_keras.files.saving import whole_file
from wgan_keras.tuning.oracles import REMEDY

_LONGEST = 1e9  # seconds, thirty years


class Stopwatch(keras.callbacks.Callback):
    """`seconds` of training and evaluation since it was made, and before that in runs that were killed.

    Args:
        path: a file that keeps them from epoch to epoch; None for none.

    Raises:
        ValueError: the file is damaged.
    """

    def __init__(self, path=None):
        super().__init__()
        self._path = path and pathlib.Path(path)
        self._before = _read(self._path) if path and self._path.exists() else 0.0
        self._started = time.monotonic()

    @property
    def seconds(self):
        return self._before + time.monotonic() - self._started

    def on_epoch_end(self, epoch, logs=None):
        if self._path:
            with whole_file(self._path) as temporary:
                temporary.write_text(f"{self.seconds:.1f}\n")


def _read(path):
    with open(path, "rb") as file:
        content = file.read(100)  # of which a number takes a few
    try:
        seconds = float(content)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < _LONGEST:
        raise ValueError(f"{path} is damaged: it holds {shown(content)}; expected a number of seconds. {REMEDY}")
    return seconds
