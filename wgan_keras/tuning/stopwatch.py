"""How long a trial took, over all its runs."""

import pathlib
import time

import keras

from wgan_keras.saving import whole_file


class Stopwatch(keras.callbacks.Callback):
    """`seconds` of training and evaluation since it was made, and before that in runs that were killed.

    Args:
        path: a file that keeps them from epoch to epoch; None for none.
    """

    def __init__(self, path=None):
        super().__init__()
        self._path = path and pathlib.Path(path)
        self._before = float(self._path.read_text()) if path and self._path.exists() else 0.0
        self._started = time.monotonic()

    @property
    def seconds(self):
        return self._before + time.monotonic() - self._started

    def on_epoch_end(self, epoch, logs=None):
        if self._path:
            with whole_file(self._path) as temporary:
                temporary.write_text(f"{self.seconds:.1f}\n")
