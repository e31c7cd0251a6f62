"""keras-tuner's oracles, made to survive a kill at any moment.

keras-tuner writes oracle.json and a trial's trial.json in place, one after the other. Killed in between, it would
repeat a finished trial, forget a running one, or find a file cut short. Here each file is written whole, and on
reloading a trial's own file decides: what it calls completed is finished, and all else is run again. So is what
keras-tuner calls failed: a trial that comes to nothing has a score here, and is completed.
"""

import pathlib

import keras_tuner
import numpy as np
from keras_tuner.engine.trial import Trial, TrialStatus

from wgan_keras._text import one_line
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import write_json

REMEDY = "Copy the search again, or begin another in another folder."


class _Durable:
    """For an `Oracle`: whole files, a reload that agrees with them, and a limit to the time spent.

    `max_seconds` is of training and evaluation; once the finished trials took it together, no trial begins.
    """

    max_seconds = float("inf")

    def save(self):
        write_json(self._get_oracle_fname(), self.get_state())

    def _save_trial(self, trial):
        write_json(f"{self._get_trial_dir(trial.trial_id)}/trial.json", trial.get_state())

    def reload(self):
        # keras-tuner's own form takes a [ in the folder's path for a pattern, and so the trials of another folder.
        folder = pathlib.Path(self._project_dir)
        state = read_json(folder / "oracle.json", REMEDY)
        trials = [read_json(path, REMEDY) for path in sorted(folder.glob("trial_*/trial.json"))]
        try:
            self.trials = {trial.trial_id: trial for trial in map(Trial.from_state, trials)}
            self.set_state(state)
            self._agree()
        except Exception as error:  # keras-tuner takes the fields as they come
            raise ValueError(f"{_culprit(folder)} is damaged ({one_line(error)}). {REMEDY}") from error

    def _agree(self):
        """What the trials' own files say decides; ValueError for a trial that has none."""
        lost = [trial_id for trial_id in self.start_order if trial_id not in self.trials]
        if lost:
            raise ValueError(f"it speaks of trial_{lost[0]}, which has no trial.json")
        # A trial that the oracle's file does not know of was never handed out: it is drawn again, the same.
        self.trials = {trial_id: self.trials[trial_id] for trial_id in self.start_order}
        self.ongoing_trials = {}
        finished = {i: trial for i, trial in self.trials.items() if trial.status == TrialStatus.COMPLETED}
        unfinished = [trial for i, trial in self.trials.items() if i not in finished]
        for trial in unfinished:
            trial.metrics = type(trial.metrics)()
        self._retry_queue = [trial.trial_id for trial in reversed(unfinished)]  # taken from the end
        self.end_order = list(dict.fromkeys([*(i for i in self.end_order if i in finished), *finished]))

    @keras_tuner.synchronized
    def end_trial(self, trial):
        """keras-tuner's; a trial that another process ended since the reload is not run again."""
        super().end_trial(trial)
        self._retry_queue = [trial_id for trial_id in self._retry_queue if trial_id != trial.trial_id]

    def populate_space(self, trial_id):
        spent = sum(t.metrics.get_last_value("seconds") for t in self.trials.values() if t.metrics.exists("seconds"))
        if spent >= self.max_seconds:
            return {"status": TrialStatus.STOPPED, "values": None}
        return super().populate_space(trial_id)


def _culprit(folder):
    """Which file keras-tuner cannot read: a trial's, else the oracle's."""
    for path in sorted(folder.glob("trial_*/trial.json")):
        try:
            Trial.load(str(path))
        except Exception:
            return path
    return folder / "oracle.json"


class RandomOracle(_Durable, keras_tuner.oracles.RandomSearchOracle):
    pass


class HyperbandOracle(_Durable, keras_tuner.oracles.HyperbandOracle):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        # How often it draws what was tried before it gives up: enough to find the last of as many values as a rung has.
        self._max_collisions = 50 * self.first_rung

    def set_state(self, state):
        passes = self.hyperband_iterations
        super().set_state(state)
        # As many as are wanted now, not when the search was begun; and none is broken off.
        self.hyperband_iterations = max(passes, self._current_iteration + 1)

    @property
    def first_rung(self):
        """How many models the first bracket begins with."""
        return self._get_size(self._get_num_brackets() - 1, round_num=0)


class BayesianOracle(_Durable, keras_tuner.oracles.BayesianOptimizationOracle):
    def __init__(self, *, seed, **options):
        super().__init__(seed=_for_random_state(seed), **options)

    def populate_space(self, trial_id):
        # A function of the trial's number, so that a resumed search draws what an uninterrupted one would.
        self._random_state = np.random.RandomState(_for_random_state(self.seed + len(self.trials)))
        return super().populate_space(trial_id)

    def _vectorize_trials(self):
        """keras-tuner's, which guesses the scores of running trials by a regression that it has not fitted yet."""
        if self.ongoing_trials:
            everything = self.trials, self.ongoing_trials
            finished = {i: trial for i, trial in self.trials.items() if trial.status == TrialStatus.COMPLETED}
            self.trials, self.ongoing_trials = finished, {}
            try:
                self.gpr.fit(*map(np.nan_to_num, super()._vectorize_trials()))
            finally:
                self.trials, self.ongoing_trials = everything
        return super()._vectorize_trials()


def _for_random_state(seed):
    """A seed that NumPy's RandomState takes: the same where it does, else one of 32 bits made of all of it."""
    return seed if seed < 2**32 else int(np.random.SeedSequence(seed).generate_state(1)[0])
