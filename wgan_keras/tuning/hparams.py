"""The trials of a search as TensorBoard's HParams show them: a table, parallel coordinates, scatter plots."""

import pathlib
import shutil

from tensorboard.plugins.hparams import api

from wgan_keras._types import PathLike
from wgan_keras.callbacks.tensorboard import summaries
from wgan_keras.tuning import results
from wgan_keras.tuning.search import Search

FOLDER = "tensorboard"
_MEASURES = ("iterations", "seconds")


def write(out: PathLike) -> pathlib.Path:
    """Writes the finished trials of the search in the folder `out`; returns the folder for `tensorboard --logdir`.

    Each trial is a run with its hyperparameters, and with its scores, iterations and seconds as scalars. What was
    written before is replaced.

    Raises:
        ImportError: TensorFlow is not installed.
    """
    summary = summaries("leave --tensorboard out")
    folder = pathlib.Path(out).expanduser() / FOLDER
    for former in folder.glob("trial_*"):  # and nothing else that is shown beside them
        shutil.rmtree(former, ignore_errors=True)
    search = Search.load(out)
    names = [dimension.name for dimension in search.hypermodel.space.dimensions]
    score = search.goal.name.removesuffix("_final")
    for row in results.read(out):
        run = f"trial_{row['trial']}"
        with summary.create_file_writer(str(folder / run)).as_default(step=row["iterations"]):
            api.hparams({name: _plain(row[name]) for name in names}, trial_id=run)
            for measure in (score, f"{score}_final", *_MEASURES):
                summary.scalar(measure, float(row[measure]))
    return folder


def _plain(value):
    """Numbers, words and truth values as they are; all else, such as None or a list, in words."""
    return value if isinstance(value, bool | int | float | str) else repr(value)
