"""Claims and their verdicts, and the files a benchmark leaves."""

import json
from typing import NamedTuple

import pytest
from matplotlib.figure import Figure

from benchmarks.papers import report


class Settings(NamedTuple):
    steps: int


def claim(number, **bounds):
    return report.Claim("a source", "a claim", "a measure", number, **bounds)


@pytest.mark.parametrize(
    ("number", "bounds", "held"),
    [
        (1.0, {"at_least": 1}, True),
        (0.999, {"at_least": 1}, False),
        (1.0, {"at_most": 1}, True),
        (1.5, {"at_least": 1, "at_most": 2}, True),
        (2.5, {"at_least": 1, "at_most": 2}, False),
        (float("inf"), {"at_least": 1}, True),
        (float("nan"), {"at_least": 1}, False),
        (float("nan"), {"at_most": 1}, False),
    ],
)
def test_a_claim_holds_when_its_number_is_within_its_bounds(number, bounds, held):
    assert claim(number, **bounds).held is held
    assert claim(number, **bounds).to_dict()["verdict"] == ("held" if held else "not held")


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


def test_a_number_that_json_does_not_know_is_refused_and_leaves_the_old_result(tmp_path):
    arguments = ("a_name", "A title.", report.Result([], {}, [], {}), Settings(1), "a command", 1.0, tmp_path)
    before = report.write(*arguments).read_text()
    with pytest.raises(ValueError, match="not JSON compliant"):
        report.write("a_name", "A title.", report.Result([], {}, [], {"w": float("nan")}), *arguments[3:])
    assert (tmp_path / "a_name" / "result.json").read_text() == before
