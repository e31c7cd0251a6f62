"""Claims and their verdicts, and the files a benchmark leaves."""

import json
import math
from typing import NamedTuple

import pytest
from matplotlib.figure import Figure

from benchmarks.papers import report
from benchmarks.papers.estimates import Estimate


class Settings(NamedTuple):
    steps: int


class Seeds(NamedTuple):
    seeds: int


def claim(number, **bounds):
    return report.Claim("a source", "a claim", "a measure", number, **bounds)


@pytest.mark.parametrize(
    ("number", "bounds", "verdict"),
    [
        (1.0, {"at_least": 1}, "held"),
        (0.999, {"at_least": 1}, "not held"),
        (1.0, {"at_most": 1}, "held"),
        (1.5, {"at_least": 1, "at_most": 2}, "held"),
        (2.5, {"at_least": 1, "at_most": 2}, "not held"),
        (float("inf"), {"at_least": 1}, "held"),
        (float("nan"), {"at_least": 1}, "not held"),
        (float("nan"), {"at_most": 1}, "not held"),
        (Estimate(2, 1, 3, 5), {"at_least": 1}, "held"),
        (Estimate(2, 0.9, 3, 5), {"at_least": 1}, "undecided"),
        (Estimate(0.5, 0.1, 0.99, 5), {"at_least": 1}, "not held"),
        (Estimate(1.5, 0.9, 2.1, 5), {"at_least": 1, "at_most": 2}, "undecided"),
        (Estimate(3, 2.1, 4, 5), {"at_least": 1, "at_most": 2}, "not held"),
        (Estimate(1, -math.inf, math.inf, 1), {"at_most": 5}, "undecided"),
        (Estimate(math.nan, math.nan, math.nan, 5), {"at_most": 5}, "not held"),
    ],
)
def test_a_claim_is_decided_when_its_whole_interval_is_on_one_side(number, bounds, verdict):
    assert claim(number, **bounds).verdict == claim(number, **bounds).to_dict()["verdict"] == verdict


def test_a_number_in_words():
    assert report.in_words(claim(0.123456, at_least=1).to_dict()) == "0.1235"
    assert report.in_words(claim(Estimate(0.6, 0.25, 1, 5), at_least=1).to_dict()) == "0.6 [0.25, 1] (5 seeds)"
    assert report.in_words(claim(Estimate(2, -math.inf, math.inf, 1), at_least=1).to_dict()) == "2 [-inf, inf] (1 seed)"


def test_the_criterion_in_words():
    assert claim(0, at_least=0.9, at_most=1.1).criterion == "at least 0.9 and at most 1.1"


def test_the_files_of_a_result(tmp_path):
    figure = Figure()
    figure.subplots().plot([0, 1])
    result = report.Result([claim(2, at_most=1)], {"line": figure}, [3], {"more": [1, 2]})
    file = report.write("a_name", "A title.", result, Settings(7), "python -m benchmarks.a_name", 1.234, tmp_path)
    record = json.loads(file.read_text())
    assert record["settings"] == {"steps": 7}
    assert record["claims"][0]["verdict"] == "not held"
    assert record["seeds"] == [3] and record["numbers"] == {"more": [1, 2]} and record["seconds"] == 1.2
    assert record["machine"]["cores"] >= 1 and record["machine"]["memory_gib"] > 0
    assert {each.name for each in file.parent.iterdir()} == {"result.json", "line.png"}
    assert (file.parent / "line.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("given", ["", " --full", " --seeds 7", " --full --seeds 7"])
def test_the_command_that_is_kept_gives_the_same_seeds(tmp_path, monkeypatch, given):
    made = [{"seeds": [0], "backend": "jax"}]
    monkeypatch.setattr("sys.argv", ["it", *given.split(), "--out", str(tmp_path)])
    report.main("it", "A title.", lambda settings: report.Result([], {}, [], {}, 0, made), Seeds(5), Seeds(5))
    record = json.loads((tmp_path / "it/result.json").read_text())
    assert record["command"] == f"python -m benchmarks.papers.it{given}"
    assert record["trainings"] == made


def test_a_number_that_json_does_not_know_is_refused_and_leaves_the_old_result(tmp_path):
    arguments = ("a_name", "A title.", report.Result([], {}, [], {}), Settings(1), "a command", 1.0, tmp_path)
    before = report.write(*arguments).read_text()
    with pytest.raises(ValueError, match="not JSON compliant"):
        report.write("a_name", "A title.", report.Result([], {}, [], {"w": float("nan")}), *arguments[3:])
    assert (tmp_path / "a_name" / "result.json").read_text() == before
