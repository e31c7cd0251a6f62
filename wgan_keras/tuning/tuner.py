"""A keras-tuner `Tuner` whose trials resume exactly.

A trial's folder holds trial.json (keras-tuner's record), gan.keras (the checkpoint: networks, both optimizers, random
state), scores.json (all evaluations so far), seconds.txt and, if it failed, failure.txt. A trial that was killed goes
on from its checkpoint, and so does the next rung of Hyperband from the one before.
"""

import contextlib
import copy
import gc
import pathlib
import shutil
import time

import keras
import keras_tuner
from keras_tuner.engine.trial import TrialStatus

from wgan_keras.files.folders import hold
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import whole_file, write_json
from wgan_keras.models import minibatches
from wgan_keras.models.loading import load_model
from wgan_keras.runtime.errors import told
from wgan_keras.tuning.failures import Failed, failure_of
from wgan_keras.tuning.oracles import REMEDY
from wgan_keras.tuning.timer import Stopwatch

_ALL = 1_000_000  # trials; a worker's oracle, at the chief's, does not tell their number
_POLL = 0.1  # seconds between a waiting worker's questions to the chief


@contextlib.contextmanager
def _or_failed():
    try:
        yield
    except ValueError as error:
        raise Failed(f"no such model: {error}") from error


def _built(recipe):
    with _or_failed():
        model = recipe.compile(recipe.build())
        minibatches.check_size(recipe.batch_size, model)
        return model


class GANTuner(keras_tuner.Tuner):
    """Runs the trials of an oracle of `tuning.oracles` with a `GANHyperModel`.

    A trial that diverges, whose values together make no model, or one too large for the device, is a trial with a bad
    score. Any other exception ends the search: the trials to come would only repeat it.
    """

    def run_trial(self, trial, x=None, callbacks=(), **fit_arguments):
        folder = self.folder(trial.trial_id)
        try:
            with hold(folder):  # a worker that was taken for lost may still be at it
                return self._run_trial(trial, folder, x, callbacks, fit_arguments)
        except Exception as error:  # keras-tuner would go on with the next trial, and never come back to this one
            given = trial.hyperparameters.values
            values = ", ".join(f"{d.name} {given[d.name]}" for d in self.hypermodel.space.dimensions)
            raise keras_tuner.errors.FatalRuntimeError(f"Trial {trial.trial_id} ({values}): {told(error)}") from error

    def _run_trial(self, trial, folder, x, callbacks, fit_arguments):
        hp = trial.hyperparameters
        parent = self.oracle.get_trial(hp.values["tuner/trial_id"]) if "tuner/trial_id" in hp.values else None
        if parent and parent.metrics.get_last_value("failed"):
            shutil.copyfile(self.folder(parent.trial_id) / "failure.txt", folder / "failure.txt")
            return {name: parent.metrics.get_last_value(name) for name in parent.metrics.metrics} | {"seconds": 0.0}
        watch = Stopwatch(folder / "seconds.txt")
        keras.backend.clear_session()
        gc.collect()
        found, failure = self._train(hp, folder, parent, x, copy.deepcopy(list(callbacks)), watch, fit_arguments)
        if failure:
            with whole_file(folder / "failure.txt") as temporary:
                temporary.write_text(failure)
        return found

    def _train(self, hp, folder, parent, x, callbacks, watch, fit_arguments):
        failure = None
        try:
            with _or_failed():
                recipe = self.hypermodel.space.recipe(hp)
            model = self._open(recipe, folder, parent and self.folder(parent.trial_id))
        except Exception as error:
            failure = failure_of(error)
        if failure is not None:  # no longer within the except, which keeps what fills the memory
            return self.hypermodel.untrained(failure, watch.seconds)
        until = hp.values.get("tuner/epochs", 0) * self.hypermodel.epoch_iterations or recipe.iterations
        return self.hypermodel.train(model, recipe, until, x, callbacks, folder, watch, **fit_arguments)

    def _open(self, recipe, folder, before):
        """The trial's model from its checkpoint, else from that of the rung before, else new."""
        keras.config.set_dtype_policy(recipe.dtype_policy)
        if (folder / "gan.keras").exists():
            return load_model(folder / "gan.keras")
        if before is None:
            return _built(recipe)
        scores = (before / "scores.json").read_bytes()
        with whole_file(folder / "scores.json") as temporary:
            temporary.write_bytes(scores)
        return load_model(before / "gan.keras")

    def folder(self, trial_id):
        return pathlib.Path(self.get_trial_dir(trial_id))

    def load_model(self, trial):
        """The model as the trial left it."""
        return load_model(self.folder(trial.trial_id) / "gan.keras")

    def pre_create_trial(self):
        time.sleep(_POLL)

    def on_search_begin(self):
        self.save()  # from here on there is something to resume

    def on_trial_end(self, trial):
        super().on_trial_end(trial)
        print(self._line(self.oracle.get_trial(trial.trial_id)), flush=True)
        if "tuner/epochs" not in trial.hyperparameters.values:  # Hyperband may yet go on with any of them
            self._drop_beaten()

    def _drop_beaten(self):
        """Of the finished trials only the best keeps its checkpoint, which takes most of the disk."""
        trials = [trial for trial in self.oracle.get_best_trials(_ALL) if trial.status == TrialStatus.COMPLETED]
        # A sound trial may have a worse score than a failed one, whose score is made up.
        best = next((trial for trial in trials if not trial.metrics.get_last_value("failed")), None)
        for trial in trials:  # and no other: a worker may have ended a better one by now
            if trial is not best:
                (self.folder(trial.trial_id) / "gan.keras").unlink(missing_ok=True)

    def _line(self, trial):
        metrics = {name: trial.metrics.get_last_value(name) for name in trial.metrics.metrics}
        outcome = (
            (self.folder(trial.trial_id) / "failure.txt").read_text()
            if metrics["failed"]
            else f"{self.oracle.objective.name} {trial.score:.4g}"
        )
        return f"trial {trial.trial_id}: {outcome}, {metrics['iterations']:.0f} iterations, {metrics['seconds']:.0f} s"

    # keras-tuner's own forms of these write in place, build a model of every kind, and look for another file where
    # a search goes on with workers.

    def save(self):
        if not self._is_worker():
            self.oracle.save()
        write_json(self._get_tuner_fname(), self.get_state())

    def reload(self):
        read_json(self._get_tuner_fname(), REMEDY)  # or refused in a line
        super().reload()

    def _get_tuner_fname(self):
        return str(pathlib.Path(self.project_dir) / f"{self.tuner_id if self._is_worker() else 'tuner'}.json")

    def _populate_initial_space(self):
        hp = self.oracle.get_space()
        self.hypermodel.declare_hyperparameters(hp)
        self.oracle.update_space(hp)
