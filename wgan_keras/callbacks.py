"""Callbacks for `fit`: sample grids, scores, a history by iteration, a clean stop on Ctrl-C or SIGTERM."""

import csv
import json
import math
import pathlib
import signal
import time

import keras
import numpy as np

from wgan_keras import metrics, pictures, scoring
from wgan_keras._files import one_line, read_json, shown
from wgan_keras.saving import whole_file


class SampleGrid(keras.callbacks.Callback):
    """Draws the same latents after every epoch: `folder/epoch_0001.png`, ...

    Args:
        folder: where the pictures go; made if it is not there.
        n: how many samples a picture.
        seed: of the one latent batch that all pictures share.
        log_dir: also write the picture as an image summary for TensorBoard into this folder.
    """

    def __init__(self, folder, n=64, seed=0, log_dir=None):
        super().__init__()
        self.folder = pathlib.Path(folder)
        self.n = n
        self.seed = seed
        self.log_dir = log_dir

    def on_epoch_end(self, epoch, logs=None):
        samples = self.model.sample(self.n, seed=self.seed)
        picture = pictures.sheet(samples)
        pictures.save_png(picture, self.folder / f"epoch_{epoch + 1:04d}.png")
        if self.log_dir is not None:
            self._summarize(np.asarray(picture), epoch)

    def _summarize(self, pixels, epoch):
        import tensorflow as tf

        with tf.summary.create_file_writer(str(self.log_dir)).as_default():
            pixels = pixels[..., None] if pixels.ndim == 2 else pixels
            tf.summary.image("samples", pixels[None], step=epoch + 1)


class Evaluate(keras.callbacks.Callback):
    """Scores samples under a named protocol and adds the scores to the logs: `val_fid`, `val_kid`, ...

    Put it before the callbacks that watch its scores (ModelCheckpoint, EarlyStopping with `monitor="val_fid"`). In
    epochs without an evaluation the scores are NaN, which is no improvement on the score of the first epoch; an epoch
    that is cut short is not scored. 10,000 Fashion-MNIST images under `fid_fashion_mnist_classifier_10k` take some
    seconds on two CPU cores; the first evaluation prints how many.

    Args:
        protocol: a name such as "fid_fashion_mnist_classifier_10k", or a `metrics.Evaluation` of your own data.
        every: evaluate after every so many epochs, and after the first of a `fit`.
        path: a JSON file that always holds all scores, the best and the last; one that is there is continued, if it is
            of the same protocol, extractor and data (ValueError).
        seed: of the samples; the same latents at every evaluation.
        reference: further arguments of `scoring.reference`: `data_name`, `data_dir`, `image_size`, `weights`.

    Attributes:
        best, last: dicts of `epoch`, `iteration` and the scores, or None before the first evaluation. Best is by the
            protocol's first score, of equal ones by the second, and so on; `memorisation_...` has none, since its
            best would be the one that copies most.
    """

    def __init__(self, protocol, every=1, path=None, seed=0, **reference):
        super().__init__()
        self._has_best = (metrics.parse_protocol(protocol) if isinstance(protocol, str) else protocol.protocol).has_best
        if every < 1:
            raise ValueError(f"every={every}: expected 1 epoch or more between evaluations.")
        self.protocol = protocol
        self.every = every
        self.path = path
        self.seed = seed
        self.reference = reference
        self.best = self.last = None
        self.history = []
        self._evaluation = None

    def on_train_begin(self, logs=None):
        if self._evaluation is None:  # not before, so that the callback can be copied
            by_name = isinstance(self.protocol, str)
            self._evaluation = scoring.reference(self.protocol, **self.reference) if by_name else self.protocol
        if self.path is not None and pathlib.Path(self.path).exists():
            done = int(self.model.generator_optimizer.iterations)
            kept = read_scores(self.path, self._evaluation.identity())
            self._refuse_others(kept)
            self._remember([entry for entry in kept["history"] if entry["iteration"] <= done])
        self._scored = False  # in this fit: Keras's callbacks take a first NaN for the best there is

    def _refuse_others(self, kept):
        """ValueError if the file that is to be continued is not of this protocol, extractor and data."""
        for field, known in self._evaluation.identity().items():
            if kept[field] != known:
                raise ValueError(
                    f"{self.path} holds scores whose {field} is {kept[field]}, and this evaluation's is {known}; such "
                    "scores are never compared. Choose another path."
                )

    def on_epoch_begin(self, epoch, logs=None):
        self._steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self._steps = batch + 1

    def on_epoch_end(self, epoch, logs=None):
        if self._steps < (self.params.get("steps") or 0):
            return
        if (epoch + 1) % self.every == 0 or not self._scored:
            self._evaluate(epoch)
            self._scored = True
            logs.update({f"val_{name}": score for name, score in self._scores(self.last).items()})
        else:
            logs.update({f"val_{name}": float("nan") for name in self._scores(self.last)})

    def _evaluate(self, epoch):
        started = time.perf_counter()
        report = scoring.evaluate(self.model, self._evaluation, self.seed)
        if self.last is None:
            seconds = time.perf_counter() - started
            print(f"\n{report.protocol.name}: {seconds:.1f} s an evaluation, every {self.every} epochs")
        iteration = int(self.model.generator_optimizer.iterations)
        self._remember([*self.history, {"epoch": epoch + 1, "iteration": iteration, **report.scores}])
        if self.path is not None:
            kept = {**report.to_dict(), "best": self.best, "last": self.last, "history": self.history}
            with whole_file(self.path) as temporary:
                temporary.write_text(json.dumps(kept, indent=2) + "\n")

    def _remember(self, history):
        self.history = history
        self.best = self.last = None
        if history:
            self.last = history[-1]
            if self._has_best:
                first = next(iter(self._scores(self.last)))
                finite = [entry for entry in history if math.isfinite(entry[first])]
                self.best = min(finite or history, key=self._rank)

    def _rank(self, entry):
        """Less is better."""
        return [-score if name in scoring.HIGHER_IS_BETTER else score for name, score in self._scores(entry).items()]

    @staticmethod
    def _scores(entry):
        return {name: score for name, score in entry.items() if name not in ("epoch", "iteration")}


def read_scores(path, identity=()):
    """What the file of an `Evaluate` holds: a dict whose `history` is a list of `epoch`, `iteration` and scores.

    Raises:
        ValueError: damaged, or a field of `identity` is not in it.
    """
    remedy = "Copy the run again, or delete the file: the scores so far are then lost."
    kept = read_json(path, remedy)
    lacking = [name for name in ("history", *identity) if name not in kept]
    if lacking:
        raise ValueError(f"{path} is damaged: it lacks {', '.join(lacking)}. {remedy}")
    history = kept["history"] if isinstance(kept["history"], list) else [kept["history"]]
    for entry in history:
        if not _is_entry(entry) or entry.keys() != history[0].keys():
            raise ValueError(
                f"{path} is damaged: 'history' has {shown(entry)}; expected 'epoch', 'iteration' and scores, all "
                f"numbers. {remedy}"
            )
    return kept


def _is_entry(entry):
    if not isinstance(entry, dict) or not all(type(value) in (int, float) for value in entry.values()):
        return False
    return all(type(entry.get(name)) is int for name in ("epoch", "iteration")) and len(entry) > 2


class KeepBest(keras.callbacks.Callback):
    """Saves the model whenever an `Evaluate` put before it has found it better than ever, across resumed runs too."""

    def __init__(self, evaluate, filepath):
        super().__init__()
        self.evaluate = evaluate
        self.filepath = filepath

    def on_epoch_end(self, epoch, logs=None):
        last = self.evaluate.last
        if last is not None and last is self.evaluate.best and last["epoch"] == epoch + 1:
            self.model.save(self.filepath)


class IterationHistory(keras.callbacks.Callback):
    """The logs of every epoch in a CSV file, with the generator iteration they end at, and as `curves.png`.

    A file that is there already is continued: rows past the model's own iteration, from a run that was killed after
    its last checkpoint, are dropped. The files are whole at any time.

    Args:
        csv_path: the table; one row an epoch: `epoch`, `iteration`, `seconds` (since the row before or the beginning
            of `fit`, so that their sum is the time of a run, interruptions left out), then the logs by name.
        png_path: the curves, or None for none.
    """

    def __init__(self, csv_path, png_path=None):
        super().__init__()
        self.csv_path = pathlib.Path(csv_path)
        self.png_path = png_path
        self.rows = []

    def on_train_begin(self, logs=None):
        done = int(self.model.generator_optimizer.iterations)
        self.rows = [row for row in read_history(self.csv_path) if row["iteration"] <= done]
        self._before = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        iteration = int(self.model.generator_optimizer.iterations)
        now = time.perf_counter()
        seconds, self._before = round(now - self._before, 3), now
        self.rows.append({"epoch": epoch + 1, "iteration": iteration, "seconds": seconds, **(logs or {})})
        with whole_file(self.csv_path) as temporary, open(temporary, "w", newline="") as file:
            columns = dict.fromkeys(name for row in self.rows for name in row)  # an epoch cut short has no scores
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(self.rows)
        if self.png_path is not None:
            pictures.save_png(pictures.curves(self.rows), self.png_path)


def read_history(path):
    """The rows of a history file as dicts of numbers; no rows if there is no file.

    Raises:
        ValueError: a row that was cut, or has other than numbers.
    """
    path = pathlib.Path(path)
    if not path.exists():
        return []
    rows = []
    try:
        with open(path, newline="") as file:
            table = csv.DictReader(file)
            if missing := {"epoch", "iteration"} - set(table.fieldnames or ()):
                raise ValueError(f"lacks {', '.join(sorted(missing))}")
            for row in table:
                rows.append(_numbers(row))
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


class StopOnSignal(keras.callbacks.Callback):
    """Ends `fit` after the step under way on Ctrl-C or SIGTERM; a second signal acts at once.

    `received` is the signal's number, or None. The checkpoint is the caller's business.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self):
        super().__init__()
        self.received = None
        self._before = {}

    def on_train_begin(self, logs=None):
        self._before = {number: signal.signal(number, self._receive) for number in self.SIGNALS}

    def _receive(self, number, frame):
        self.received = number
        self.restore()

    def restore(self):
        """Puts the handlers back that were there before; `fit` does so unless an exception ends it."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def on_train_batch_end(self, batch, logs=None):
        if self.received is not None:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.restore()


class StopAtIteration(keras.callbacks.Callback):
    """Ends `fit` at a number of generator iterations, in the middle of an epoch if need be."""

    def __init__(self, iterations):
        super().__init__()
        self.iterations = iterations
        self._before = 0  # the epoch under way

    def on_epoch_begin(self, epoch, logs=None):
        self._before = int(self.model.generator_optimizer.iterations)

    def on_train_batch_end(self, batch, logs=None):
        # Counted here, because on JAX to look at `self.model` within an epoch copies the whole state back into it.
        if self._before + batch + 1 >= self.iterations:
            self.model.stop_training = True
