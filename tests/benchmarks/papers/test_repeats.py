"""Seeds are trained once each, kept, and added until all claims are decided."""

import json
from typing import NamedTuple

import keras
import pytest

from benchmarks.papers import estimates, overfitting, repeats, report


class Settings(NamedTuple):
    seeds: int
    size: int = 1


@pytest.fixture
def game(tmp_path, monkeypatch):
    """(until_decided of settings, list of the seeds that were trained); a seed's record is the seed."""
    monkeypatch.setattr(repeats, "WORK", tmp_path)
    trained = []

    def train(seeds, settings):
        for seed in seeds:
            trained.append(seed)
            yield seed

    def conclude(records, settings):
        claim = report.Claim("s", "c", "m", estimates.median(records), at_least=1)
        return report.Result([claim], {}, [], {"records": records})

    return lambda settings: repeats.until_decided("game", train, conclude, settings), trained


def test_seeds_are_added_until_the_claim_is_decided(game):
    run, trained = game
    result = run(Settings(seeds=100))
    # From 0, 1, ..., 9 the interval is [1, 8], from the first five [0, 4].
    assert trained == result.seeds == result.numbers["records"] == list(range(10))
    assert result.claims[0].verdict == "held"


def test_it_ends_undecided_with_the_last_seed(game):
    run, trained = game
    assert run(Settings(seeds=7)).claims[0].verdict == "undecided"
    assert trained == list(range(7))


def test_what_is_kept_is_not_trained_again_unless_settings_differ(game):
    run, trained = game
    run(Settings(seeds=3))
    run(Settings(seeds=6))
    assert trained == list(range(6))
    run(Settings(seeds=2, size=2))
    assert trained == [*range(6), 0, 1]


def test_seeds_that_are_rounded_otherwise_are_kept_apart(game, monkeypatch):
    run, trained = game
    run(Settings(seeds=2))
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    run(Settings(seeds=2))
    assert trained == [0, 1, 0, 1]
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    run(Settings(seeds=2))
    assert trained == [0, 1, 0, 1]


def test_seeds_of_another_backend_are_kept_apart(game, monkeypatch):
    run, trained = game
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    assert (repeats.RECORDS / "overfitting" / repeats._hash(overfitting.REDUCED)).is_dir()  # TensorFlow's stay
    run(Settings(seeds=2))
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    (made,) = run(Settings(seeds=2)).trainings
    assert trained == [0, 1, 0, 1] and (made["backend"], made["seeds"]) == ("jax", [0, 1])


def test_a_result_says_what_made_the_seeds_that_it_found(game, tmp_path, monkeypatch):
    run, _ = game
    monkeypatch.setattr(repeats, "versions", lambda: {"keras": "3"})
    there = {"processor": "another", "cores": 64, "memory_gib": 1}
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(repeats, "machine", lambda: there)
        run(Settings(seeds=2))
    early = next(tmp_path.glob("game/*/0.json"))
    fields = json.loads(early.read_text())
    early.write_text(json.dumps({name: fields[name] for name in ("seed", "date", "machine", "seconds", "record")}))
    result = run(Settings(seeds=3))
    made = [(each["seeds"], each["machine"] == there, each["versions"], each["backend"]) for each in result.trainings]
    assert made == [
        ([0], True, None, None),
        ([1], True, {"keras": "3"}, "tensorflow"),
        ([2], False, {"keras": "3"}, "tensorflow"),
    ]


def test_a_stopped_run_keeps_the_seeds_that_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(repeats, "WORK", tmp_path)

    def train(seeds, settings):
        yield "first"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        repeats.until_decided("game", train, None, Settings(seeds=3))
    assert [file.name for file in tmp_path.glob("game/*/*")] == ["0.json"]
