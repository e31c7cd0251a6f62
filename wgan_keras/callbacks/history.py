"""The logs of a training by generator iteration, as a table and as curves."""

import csv
import pathlib
import time
from typing import Any

import keras

from wgan_keras import plots
from wgan_keras._text import one_line
from wgan_keras._types import Logs, PathLike
from wgan_keras.files.former_names import presently_named
from wgan_keras.files.saving import whole_file


class IterationHistory(keras.callbacks.Callback):
    """The logs of every epoch in a CSV file, with the generator iteration they end at, and as `curves.png`.

    A file that is there already is continued: rows past the model's own iteration, from a run that was killed after
    its last checkpoint, are dropped, and the others stay as they are, byte for byte. The files are whole at any time.

    Args:
        csv_path: the table; one row an epoch: `epoch`, `iteration`, `seconds` (since the row before or the beginning
            of `fit`, so that their sum is the time of a run, interruptions left out), then the logs by name.
        png_path: the curves, or None for none.
    """

    def __init__(self, csv_path: PathLike, png_path: PathLike | None = None) -> None:
        super().__init__()
        self.csv_path = pathlib.Path(csv_path).expanduser()
        self.png_path = png_path
        self.rows: list[dict[str, Any]] = []
        self._written: list[dict[str, Any]] = []  # the same as text

    def on_train_begin(self, logs: Logs = None) -> None:
        self._before = time.perf_counter()
        self._found = _read_table(self.csv_path)
        self._continue()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self._found:  # again: a `BackupAndRestore` behind this callback may have brought more iterations
            self._continue()
            self._found = []

    def _continue(self):
        done = self.model.generator_iterations
        kept = [(row, text) for row, text in self._found if row["iteration"] <= done]
        self.rows, self._written = [row for row, _ in kept], [text for _, text in kept]

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        iteration = self.model.generator_iterations
        now = time.perf_counter()
        seconds, self._before = round(now - self._before, 3), now
        self.rows.append({"epoch": epoch + 1, "iteration": iteration, "seconds": seconds, **(logs or {})})
        self._written.append(self.rows[-1])
        with whole_file(self.csv_path) as temporary, open(temporary, "w", newline="") as file:
            columns = dict.fromkeys(name for row in self._written for name in row)  # an epoch cut short has no scores
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(self._written)
        if self.png_path is not None:
            plots.save_png(plots.curves(self.rows), self.png_path)


def read_history(path: PathLike) -> list[dict[str, Any]]:
    """The rows of a history file as dicts of numbers; no rows if there is no file.

    Raises:
        ValueError: a row that was cut, or has other than numbers.
    """
    return [numbers for numbers, _ in _read_table(path)]


def _read_table(path):
    """[(a row's numbers, the same as text)] of a history file."""
    path = pathlib.Path(path).expanduser()
    if not path.exists():
        return []
    rows = []
    try:
        with open(path, newline="") as file:
            table = csv.DictReader(file)
            if "iteration" not in (table.fieldnames or ()):
                raise ValueError("it lacks the column 'iteration'")
            for row in table:
                rows.append((presently_named(_numbers(row)), presently_named(row)))
            return rows
    except (ValueError, TypeError, csv.Error) as error:
        raise ValueError(
            f"{path} is damaged in row {len(rows) + 1}: {one_line(error)}; expected a number in every column. "
            "Copy it again, or delete the row and those after it."
        ) from None


def _numbers(row):
    if None in row or None in row.values():
        raise ValueError("it has another number of cells than the heading")
    return {k: int(v) if k in ("epoch", "iteration") else float(v or "nan") for k, v in row.items()}
