"""Scores of samples while a model trains, and the state that scored best."""

import math
import pathlib
import time
from typing import Any

import keras

from wgan_keras import metrics, scoring
from wgan_keras._schema import parameters, whole_number
from wgan_keras._text import did_you_mean, listed
from wgan_keras._types import Logs, PathLike
from wgan_keras.callbacks.scores_file import read_scores
from wgan_keras.files.saving import as_written, write_json
from wgan_keras.metrics.extractors import may_be_compared

_OPTIONS = [name for name in parameters(scoring.reference) if name not in ("protocol", "progress", "sample_shape")]


class Evaluate(keras.callbacks.Callback):
    """Scores samples under a named protocol and adds the scores to the logs: `val_fid`, `val_kid`, ...

    Put it before the callbacks that watch its scores, such as `keras.callbacks.EarlyStopping("val_fid", mode="min")`,
    which do not know by themselves that less is better ("max" for `val_inception_score`, `val_recall` and others). In
    epochs without an evaluation the scores are NaN, which is no improvement on the score of the first epoch; an epoch
    that is cut short is not scored. 10,000 Fashion-MNIST images under `fid_fashion_mnist_classifier_10k` take some
    seconds on two CPU cores; the first evaluation prints how many.

    Args:
        protocol: a name such as "fid_fashion_mnist_classifier_10k", or a `metrics.Evaluation` of your own data.
        every: evaluate after every so many epochs, and after the first of a `fit`.
        path: a JSON file that always holds all scores, the best and the last; one that is there is continued, if it is
            of the same protocol, extractor, data, wherever they lie, and seed (ValueError).
        seed: of the samples; the same latents at every evaluation.
        reference: further arguments of `scoring.reference` beside a protocol's name: `data_name`, `data_dir`,
            `image_size`, `resize`, `channels`, `weights`; TypeError for others, and beside an evaluation.

    Scores past the model's own iteration are dropped when training begins: they are of a run that was killed after its
    last checkpoint, or of another model that this callback was given before.

    Attributes:
        best, last: dicts of `epoch`, `iteration` and the scores, or None before the first evaluation. Best is by the
            protocol's first score, of equal ones by the second, and so on; `memorization_...` has none, since its
            best would be the one that copies most, and neither has `intra_diversity_...`.
    """

    def __init__(
        self,
        protocol: str | metrics.Evaluation,
        every: int = 1,
        path: PathLike | None = None,
        seed: int = 0,
        **reference: Any,
    ) -> None:
        super().__init__()
        self._named = metrics.parse_protocol(protocol) if isinstance(protocol, str) else protocol.protocol
        self.protocol = protocol
        self.every = whole_number("every", every, at_least=1)
        self.path = None if path is None else pathlib.Path(path).expanduser()
        self.seed = whole_number("seed", seed)
        _check_options(protocol, reference)
        self.reference = reference
        self.best = self.last = None
        self.history: list[dict[str, Any]] = []
        self._evaluation: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        if self._evaluation is None:  # not before, so that the callback can be copied
            given = self.protocol
            scoring.check_labels_taken(self._named, self.model.takes_labels)
            self._evaluation = self._reference(given) if isinstance(given, str) else given
        scoring.labels_for(self.model, self._evaluation)  # refused here, not after an epoch
        self._refuse_logged()
        self._found = self._kept()
        self._continue()
        self._scored = False  # in this fit: Keras's callbacks take a first NaN for the best there is

    def _continue(self):
        done = self.model.generator_iterations
        self._remember([entry for entry in self._found if entry["iteration"] <= done])

    def _kept(self):
        """The scores in the file that is to be continued, or else those of the last `fit`."""
        if self.path is None or not self.path.exists():
            return self.history
        kept = read_scores(self.path, self._evaluation.identity())
        self._refuse_others(kept)
        return kept["history"]

    def _refuse_logged(self):
        """ValueError if a score would take the place of what the game logs of held-out images."""
        logged = {metric.name for metric in self.model.metrics} & set(self._named.scores)
        if logged:
            raise ValueError(
                f"{self._named.name} gives the score {min(logged)!r}, and the game logs {min(logged)!r} too, as "
                f"'val_{min(logged)}' of held-out images; give the score of the metric another name."
            )

    def _reference(self, protocol):
        return scoring.reference(protocol, **self.reference, sample_shape=self.model.generator.output_shape[1:])

    def _refuse_others(self, kept):
        """ValueError if the file that is to be continued is not of this protocol, extractor, data and seed."""
        for field, known in as_written(self._evaluation.identity()).items():
            if field == "data" and kept[field] is None and "name" not in (known or ()):
                continue  # written before arrays were known by their sha256
            if not _are_the_same(field, kept[field], known):
                raise ValueError(
                    f"{self.path} holds scores whose {field} is {kept[field]}, and this evaluation's is {known}; such "
                    "scores are never compared. Choose another path."
                )
        self._refuse_other_scores(kept)

    def _refuse_other_scores(self, kept):
        seed = kept.get("seed", self.seed)  # older files do not say
        if seed != self.seed:
            raise ValueError(
                f"{self.path} holds scores of samples of the seed {seed}, and this evaluation's is {self.seed}; such "
                "scores are never compared. Choose another path, or that seed."
            )
        had = set(self._scores(kept["history"][-1])) if kept["history"] else set(self._named.scores)
        if had != set(self._named.scores):
            raise ValueError(
                f"{self.path} holds the scores {listed(sorted(had))}, and {self._named.name} gives "
                f"{listed(list(self._named.scores))} now; such scores are never compared. Choose another path."
            )

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._steps = 0
        if self._found:  # again: a `BackupAndRestore` behind this callback may have brought more iterations
            self._continue()
            self._found = []

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._steps = batch + 1

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self._steps < (self.params.get("steps") or 0) and self.model.stop_training:
            return  # cut short; an epoch in which n_critic grew has fewer steps and is whole
        logs = {} if logs is None else logs
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
        iteration = self.model.generator_iterations
        self._remember([*self.history, {"epoch": epoch + 1, "iteration": iteration, **report.scores}])
        if self.path is not None:
            kept = {
                **report.to_dict(),
                "seed": self.seed,
                "best": self.best,
                "last": self.last,
                "history": self.history,
            }
            write_json(self.path, kept)

    def _remember(self, history):
        self.history = history
        self.best = self.last = None
        if history:
            self.last = history[-1]
            if self._named.has_best:
                first = next(iter(self._scores(self.last)))
                finite = [entry for entry in history if math.isfinite(entry[first])]
                self.best = min(finite or history, key=self._rank)

    def _rank(self, entry):
        """Less is better."""
        return [-score if metrics.higher_is_better(name) else score for name, score in self._scores(entry).items()]

    @staticmethod
    def _scores(entry):
        return {name: score for name, score in entry.items() if name not in ("epoch", "iteration")}


def _check_options(protocol, given):
    """TypeError, as of any function, for one that `scoring.reference` does not take, or that nobody looks at."""
    beside = [name for name, value in given.items() if value is not None]
    if beside and not isinstance(protocol, str):
        raise TypeError(
            f"Evaluate was given {listed(beside)} beside an Evaluation, which has its data and extractor already; "
            "leave them out, or give the protocol's name."
        )
    for name in given:
        if name not in _OPTIONS:
            near = did_you_mean(name, _OPTIONS, most=2)
            raise TypeError(f"Evaluate takes no argument {name!r}{near}; expected one of {listed(_OPTIONS)}.")


def _are_the_same(field, kept, known):
    """Data are known by their bytes, not by where they lie, and extractors by their weights."""
    if isinstance(kept, dict) and isinstance(known, dict):
        if field == "extractor":
            return may_be_compared(kept, known)
        if field == "data" and "sha256" in known:
            return kept.get("sha256") == known["sha256"]
    return kept == known


class KeepBest(keras.callbacks.Callback):
    """Saves the model whenever an `Evaluate` put before it has found it better than ever, across resumed runs too."""

    def __init__(self, evaluate: Evaluate, filepath: PathLike) -> None:
        super().__init__()
        self.evaluate = evaluate
        self.filepath = filepath

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        last = self.evaluate.last
        if last is None or last is not self.evaluate.best:
            return
        # Epochs are counted anew in every `fit`, and one that is cut short is not scored; iterations go on.
        if last["iteration"] == self.model.generator_iterations:
            self.model.save(self.filepath)
