"""Trainings that are kept, and means that are compared."""

from typing import NamedTuple

import pytest

from benchmarks import machine
from benchmarks.papers.kept import Kept, fill, read
from benchmarks.papers.means import Mean, larger, mean, quantile
from wgan_keras.files.saving import write_json


class Settings(NamedTuple):
    iterations: int


def test_a_training_is_kept_and_not_made_again(tmp_path):
    path = tmp_path / "folder/ring.json"
    kept = Kept(path, Settings(2), "benchmarks.papers.collapse")
    assert not kept.has("GAN", 0) and read(path) == {}
    kept.keep("GAN", 0, {"modes": 3}, 1.04)
    again = Kept(path, Settings(2), "benchmarks.papers.collapse")
    assert again.has("GAN", 0) and not again.has("GAN", 1) and not again.has("WGAN", 0)
    training = read(path)["trainings"]["GAN"]["0"]
    assert (training["modes"], training["seconds"]) == (3, 1.0)
    assert training["versions"] == machine.versions() and set(read(path)) == {
        "settings",
        "trainings",
        "command",
        "date",
    }
    with pytest.raises(SystemExit, match="remove it, or run that set-up"):
        Kept(path, Settings(4), "benchmarks.papers.collapse")


def test_versions_of_earlier_trainings_stay_theirs(tmp_path):
    path, of_old = tmp_path / "ring.json", {"machine": {"cores": 1}, "versions": {"keras": "3.0"}}
    write_json(
        path, {"settings": {"iterations": 2}, "trainings": {"GAN": {"0": {"modes": 3}}}, "date": "then"} | of_old
    )
    Kept(path, Settings(2), "benchmarks.papers.collapse").keep("GAN", 1, {"modes": 4}, 1.0)
    kept = read(path)
    assert {name: kept[name] for name in of_old} == of_old and kept["trainings"]["GAN"]["0"] == {"modes": 3}
    assert kept["date"] == kept["trainings"]["GAN"]["1"]["date"] != "then"


def test_another_machine_adds_what_this_one_lacks(tmp_path):
    here, there = (Kept(tmp_path / f"{name}/ring.json", Settings(2), "benchmarks.papers.collapse") for name in "ab")
    here.keep("GAN", 0, {"modes": 3}, 1.0)
    for seed in (10, 2, 0):
        there.keep("GAN", seed, {"modes": 8}, 1.0)
    there.keep("WGAN", 1, {"modes": 7}, 1.0)
    here.take(there)
    trainings = read(tmp_path / "a/ring.json")["trainings"]
    assert {kind: [(seed, each["modes"]) for seed, each in seeds.items()] for kind, seeds in trainings.items()} == {
        "GAN": [("0", 3), ("2", 8), ("10", 8)],
        "WGAN": [("1", 7)],
    }
    new = Kept(tmp_path / "new/ring.json", Settings(2), "benchmarks.papers.collapse")
    new.take(there)
    assert read(tmp_path / "new/ring.json") == read(tmp_path / "b/ring.json")  # with the command that made it


def test_what_another_machine_did_not_keep_is_refused(tmp_path):
    here, there = (Kept(tmp_path / f"{name}/ring.json", Settings(2), "benchmarks.papers.collapse") for name in "ab")
    with pytest.raises(SystemExit, match=r"b/ring\.json holds no trainings; expected the file"):
        here.take(there)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_kept_is_made_in_order_until_the_hours_are_over(tmp_path):
    kept, made = Kept(tmp_path / "ring.json", Settings(2), "benchmarks.papers.collapse"), []
    kept.keep("GAN", 0, {"modes": 3}, 1.0)
    wanted = [
        (kept, kind, seed, lambda kind=kind, seed=seed: made.append((kind, seed)) or {"modes": 4})
        for seed in (0, 1)
        for kind in ("GAN", "WGAN")
    ]
    fill(wanted, hours=-1)
    assert not made
    fill(wanted, hours=1)
    assert made == [("WGAN", 0), ("GAN", 1), ("WGAN", 1)]
    trainings = read(tmp_path / "ring.json")["trainings"]
    assert [trainings[kind][str(seed)]["modes"] for kind, seed in [("GAN", 0), *made]] == [3, 4, 4, 4]


def test_standard_errors():
    assert mean([1, 3]) == Mean(2, 1, 2)  # the deviation is the root of 2, and so is that of n
    assert mean([5]) == Mean(5, None, 1)
    assert (mean([1, 3]).in_words(), mean([5]).in_words(2), Mean(0.5, 0.1).in_words(0, 100)) == (
        "2.0 ± 1.0",
        "5.00",
        "50 ± 10",
    )


def test_an_order_is_decided_by_welchs_test():
    """Two groups of ten with equal errors have 18 degrees of freedom, two of two have 2: t is 1.734 and 2.920."""
    assert larger(Mean(5, 0.4, 10), Mean(4, 0.3, 10)) == ("+1 ± 0.5", "held")
    assert larger(Mean(4, 0.4, 10), Mean(5, 0.3, 10)) == ("-1 ± 0.5", "not held")
    assert larger(Mean(5, 0.8, 10), Mean(4, 0.6, 10))[1] == "undecided"
    assert quantile(Mean(4, 0.3, 10), Mean(5, 0.3, 10)) == pytest.approx(1.734, abs=1e-3)
    assert quantile(Mean(4, 0.3, 2), Mean(5, 0.3, 2)) == pytest.approx(2.920, abs=1e-3)
    assert larger(Mean(8, 0.0, 3), Mean(7, 0.0, 3)) == ("+1 ± 0", "held")
    assert larger(Mean(8, 0.0, 3), Mean(8, 0.0, 3)) == ("+0 ± 0", "undecided")
    assert larger(Mean(8), Mean(4)) == ("+4", "undecided")
