"""Callbacks for `fit`: sample grids, scores, a history by iteration, a clean stop on a signal."""

import csv
import json
import math
import pathlib
import signal
import threading
import time

import keras
import numpy as np

from wgan_keras import metrics, pictures, scoring
from wgan_keras._files import one_line, read_json, shown
from wgan_keras.saving import whole_file


class SampleGrid(keras.callbacks.Callback):
    """Draws the same latents after every epoch: `folder/epoch_0001.png`, ...

    Images of 1, 3 or 4 channels as a grid, series (steps, channels) as curves, points in the plane as a scatter plot.

    Args:
        folder: where the pictures go; made if it is not there.
        n: how many samples a picture.
        seed: of the one latent batch that all pictures share.
        log_dir: also write the picture as an image summary for TensorBoard into this folder.

    Raises:
        ValueError: n below 1; when training starts, a generator of what no picture shows.
        ImportError: when training starts, `log_dir` without TensorFlow.
    """

    def __init__(self, folder, n=64, seed=0, log_dir=None):
        super().__init__()
        if n < 1:
            raise ValueError(f"n is {n}; expected at least 1 sample a picture.")
        self.folder = pathlib.Path(folder).expanduser()
        self.n = n
        self.seed = seed
        self.log_dir = log_dir and pathlib.Path(log_dir).expanduser()

    def on_train_begin(self, logs=None):
        try:
            pictures.check_sample_shape(self.model.sampler.output_shape[1:])
        except ValueError as error:
            raise ValueError(f"SampleGrid cannot draw what the generator makes: {error}. Leave it out.") from None
        if self.log_dir is not None:
            _summaries()

    def on_epoch_end(self, epoch, logs=None):
        samples = self.model.sample(self.n, seed=self.seed)
        picture = pictures.sheet(samples)
        pictures.save_png(picture, self.folder / f"epoch_{epoch + 1:04d}.png")
        if self.log_dir is not None:
            self._summarize(np.asarray(picture), epoch)

    def _summarize(self, pixels, epoch):
        summaries = _summaries()
        with summaries.create_file_writer(str(self.log_dir)).as_default():
            pixels = pixels[..., None] if pixels.ndim == 2 else pixels
            summaries.image("samples", pixels[None], step=epoch + 1)


def _summaries():
    """TensorFlow's module of summaries, which TensorBoard reads; of all callbacks it alone needs TensorFlow."""
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ImportError(f"SampleGrid writes summaries with TensorFlow ({error}); leave log_dir out.") from None
    return tf.summary


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
        self.path = path and pathlib.Path(path).expanduser()
        self.seed = seed
        self.reference = reference
        self.best = self.last = None
        self.history = []
        self._evaluation = None

    def on_train_begin(self, logs=None):
        if self._evaluation is None:  # not before, so that the callback can be copied
            by_name = isinstance(self.protocol, str)
            self._evaluation = scoring.reference(self.protocol, **self.reference) if by_name else self.protocol
        if self.path is not None and self.path.exists():
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
        return [-score if metrics.higher_is_better(name) else score for name, score in self._scores(entry).items()]

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
    its last checkpoint, are dropped, and the others stay as they are, byte for byte. The files are whole at any time.

    Args:
        csv_path: the table; one row an epoch: `epoch`, `iteration`, `seconds` (since the row before or the beginning
            of `fit`, so that their sum is the time of a run, interruptions left out), then the logs by name.
        png_path: the curves, or None for none.
    """

    def __init__(self, csv_path, png_path=None):
        super().__init__()
        self.csv_path = pathlib.Path(csv_path).expanduser()
        self.png_path = png_path
        self.rows = []
        self._written = []  # the same as text

    def on_train_begin(self, logs=None):
        done = int(self.model.generator_optimizer.iterations)
        kept = [(row, text) for row, text in _read_table(self.csv_path) if row["iteration"] <= done]
        self.rows, self._written = [row for row, _ in kept], [text for _, text in kept]
        self._before = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        iteration = int(self.model.generator_optimizer.iterations)
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
            pictures.save_png(pictures.curves(self.rows), self.png_path)


def read_history(path):
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
            if missing := {"epoch", "iteration"} - set(table.fieldnames or ()):
                raise ValueError(f"lacks {', '.join(sorted(missing))}")
            for row in table:
                rows.append((_numbers(row), row))
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
    """Ends `fit` after the step under way on Ctrl-C, SIGTERM or SIGHUP; a second signal acts at once.

    A second one after SIGHUP does not: as a terminal closes, the system, its shell and the session each send theirs.
    Where SIGHUP is ignored, as under `nohup`, it stays so. In a thread other than the main one, where Python has no
    signals, it does nothing.

    `received` is the signal's number, or None. The checkpoint is the caller's business.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self):
        super().__init__()
        self.received = None
        self._before = {}

    def on_train_begin(self, logs=None):
        if threading.current_thread() is threading.main_thread():
            heard = [n for n in self.SIGNALS if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]
            self._before = {number: signal.signal(number, self._receive) for number in heard}

    def _receive(self, number, frame):
        self.received = self.received or number
        if number != signal.SIGHUP:
            self._restore([n for n in self._before if n != signal.SIGHUP])

    def restore(self):
        """Puts the handlers back that were there before; `fit` does so unless an exception ends it."""
        self._restore(list(self._before))

    def _restore(self, numbers):
        for number in numbers:
            signal.signal(number, self._before.pop(number))

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
