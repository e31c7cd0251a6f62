"""A kill after any write of any file, and going on: by a tuner that scores without training."""

import contextlib
import json

import pytest
from keras_tuner.engine.trial import TrialStatus
from keras_tuner.src.engine.oracle import LOCKS

from wgan_keras.files.saving import write_json
from wgan_keras.tuning import oracles, results, tuner
from wgan_keras.tuning.search import Search
from wgan_keras.tuning.tuner import GANTuner


class Killed(BaseException):
    pass


@pytest.fixture
def search_in(monkeypatch, small):
    """search_in(out, kill_at): (the ids of the trials begun in `out`, the files written) until that many writes."""
    monkeypatch.setattr(tuner, "_POLL", 0)

    def run(out, kill_at=None, **fields):
        begun, writes = [], 0

        def counted(path, value):
            nonlocal writes
            write_json(path, value)
            writes += 1
            if writes == kill_at:
                raise Killed

        def run_trial(self, trial, **kwargs):
            begun.append(trial.trial_id)
            score = float(trial.hyperparameters.values["game.n_critic"])
            scores = {"val_wasserstein_1": score, "val_wasserstein_1_final": score}
            return {**scores, "iterations": 12.0, "seconds": 1800.0, "failed": 0.0}

        monkeypatch.setattr(oracles, "write_json", counted)
        monkeypatch.setattr(GANTuner, "run_trial", run_trial)
        search = small(**fields)
        search.save(out)
        with contextlib.suppress(Killed):
            search.open(out).search(verbose=0)
        return begun, writes

    return run


def finished(out):
    trials = [json.loads(path.read_text()) for path in out.glob("trial_*/trial.json")]
    return {trial["trial_id"] for trial in trials if trial["status"] == "COMPLETED"}


HYPERBAND = {"tuner": "hyperband", "trials": None, "iterations": 9}
RANDOM = {"tuner": "random"}
BAYESIAN = {"tuner": "bayesian", "trials": 8}  # six of them at random


@pytest.mark.parametrize(
    ("fields", "stride"),
    [
        *((RANDOM, 7), (HYPERBAND, 31)),
        *(pytest.param(*each, marks=pytest.mark.long) for each in ((RANDOM, 1), (HYPERBAND, 1), (BAYESIAN, 13))),
    ],
    ids=["random", "hyperband", "random at every write", "hyperband at every write", "bayesian"],
)
def test_a_kill_at_any_write_repeats_no_finished_trial_and_loses_none(search_in, told, tmp_path, fields, stride):
    begun, writes = search_in(tmp_path / "whole", **fields)
    expected = told(results.read(tmp_path / "whole"))
    assert len(begun) == len(expected) >= 3
    for kill_at in range(1, writes + 1, stride):
        out = tmp_path / str(kill_at)
        search_in(out, kill_at, **fields)
        done = finished(out)
        again, _ = search_in(out, **fields)
        assert not done & set(again)
        assert done | set(again) == set(begun)
        assert told(results.read(out)) == expected


def test_a_trial_that_keras_tuner_gave_up_is_run_again(search_in, tmp_path):
    """As in searches of earlier versions, which passed over a trial whose folder was in use."""
    search_in(tmp_path)
    path = tmp_path / "trial_1/trial.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"status": "FAILED", "score": None}))
    assert search_in(tmp_path)[0] == ["1"]
    assert json.loads((tmp_path / "oracle.json").read_text())["end_order"] == ["0", "2", "1"]
    assert len(results.read(tmp_path)) == 3


@pytest.fixture
def oracle_in(small):
    """oracle_in(folder, **fields): the oracle of a search, which has begun no trial yet or goes on there."""

    def make(folder, **fields):
        search = small(**fields)
        oracle = search.oracle()
        oracle._set_project_dir(str(folder.parent), folder.name)
        oracle.verbose = 0
        hyperparameters = oracle.get_space()
        search.hypermodel.declare_hyperparameters(hyperparameters)
        oracle.update_space(hyperparameters)
        return oracle

    return make


def end(oracle, trial, score):
    oracle.update_trial(trial.trial_id, {oracle.objective.name: score, "seconds": 1.0, "failed": 0.0})
    trial.status = TrialStatus.COMPLETED
    oracle.end_trial(trial)


def test_a_trial_that_ends_after_its_chief_began_anew_is_not_run_again(oracle_in, tmp_path):
    before = oracle_in(tmp_path / "search")
    trial = before.create_trial("worker0")
    before.save()
    chief = oracle_in(tmp_path / "search")
    chief.reload()
    locked = []

    class Watched(type(chief)):
        def __setattr__(self, name, value):
            locked.append(LOCKS[self].locked())
            super().__setattr__(name, value)

    chief.__class__ = Watched
    end(chief, trial, 1.0)
    assert locked and all(locked)  # another thread may be taking one of them
    assert chief.create_trial("worker1").trial_id != trial.trial_id


@pytest.mark.parametrize("seed", [0, 1])
def test_a_space_of_as_many_values_as_the_first_rung_fills_it(oracle_in, tmp_path, seed):
    oracle = oracle_in(tmp_path / "search", iterations=27, tuner="hyperband", trials=None, seed=seed)
    begun = [oracle.create_trial(f"worker{i}").status for i in range(oracle.first_rung)]
    assert begun == 9 * [TrialStatus.RUNNING]


def test_a_running_trial_is_taken_to_score_as_the_finished_ones_do(oracle_in, tmp_path):
    """By Bayesian optimization, beside which else looks best what is being tried already."""
    oracle = oracle_in(tmp_path / "search", tuner="bayesian", trials=9)
    running = oracle.create_trial("worker1")
    for score in (100.0, 101.0, 103.0, 102.0):
        end(oracle, oracle.create_trial("worker0"), score)
    places, scores = oracle._vectorize_trials()
    assert len(places) == 5 and next(iter(oracle.trials)) == running.trial_id
    assert list(scores[1:]) == [100, 101, 103, 102]
    assert 99 < scores[0] < 106


@pytest.mark.parametrize("kind", ["random", "bayesian"])
def test_every_seed_draws_its_own(small, kind):
    seeds = (0, 429_496, 20_261_127, 2**32 - 1)  # NumPy takes the first two as they are drawn from
    one, again = ([small(tuner=kind, seed=seed).oracle() for seed in seeds] for _ in range(2))
    assert [oracle.seed for oracle in one] == [oracle.seed for oracle in again]
    assert len({oracle.seed for oracle in one}) == len(seeds)
    assert [oracle.seed for oracle in one[:2]] == [1, 4_294_960_001]  # as ever


def test_no_trial_begins_once_the_hours_are_spent(search_in, tmp_path):
    assert len(search_in(tmp_path / "one", trials=None, hours=1)[0]) == 2  # of half an hour each
    assert len(search_in(tmp_path / "two", trials=3, hours=9)[0]) == 3


def test_hyperband_gone_on_with_has_the_passes_that_are_asked_for_now(search_in, tmp_path):
    one_pass = len(search_in(tmp_path / "whole", **HYPERBAND)[0])
    begun = len(search_in(tmp_path / "cut", hours=1, **HYPERBAND)[0])
    assert begun == 2 < one_pass  # of half an hour each
    assert begun + len(search_in(tmp_path / "cut", **HYPERBAND)[0]) == one_pass
    assert len(search_in(tmp_path / "whole", hours=(one_pass + 3) / 2, **HYPERBAND)[0]) == 3


def test_a_search_gone_on_with_may_be_longer_but_not_another(search_in, small, tmp_path):
    out = tmp_path / "[a] {search}"  # in which keras-tuner would see a pattern
    search_in(out, trials=2)
    assert search_in(out, trials=3)[0] == ["2"]
    with pytest.raises(FileExistsError, match="another iterations, seed"):
        small(iterations=15, seed=4).save(out)
    assert Search.load(out) == small(trials=3)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tuner": "grid"}, "tuner is 'grid'"),
        ({"trials": 0}, "trials is 0"),
        ({"hours": 0.0}, "hours is 0"),
        ({"epoch_iterations": 5}, "12 iterations is to be evaluated every 5; expected a divisor"),
        ({"tuner": "hyperband"}, "brackets set the number of trials"),
        ({"tuner": "hyperband", "trials": None, "epoch_iterations": 6}, "every 6; Hyperband needs 3 evaluations"),
        ({"objective": "critic_loss"}, "scale depends on"),
    ],
)
def test_what_no_search_can_be_is_refused(small, fields, message):
    with pytest.raises(ValueError, match=message):
        small(**fields)
