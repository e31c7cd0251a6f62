"""Two runs that round otherwise decide nothing otherwise."""

import json

import pytest

from benchmarks.papers import agreement

ONE = {"a": {"x": "held", "y": "not held", "z": "undecided"}, "b": {"x": "held"}}


def test_what_both_decide_otherwise_is_found_and_nothing_else():
    other = {"a": {"x": "not held", "y": "undecided", "z": "held", "new": "held"}}
    assert agreement.disagreements(ONE, other) == [("a", "x", "held", "not held")]
    assert agreement.disagreements(ONE, ONE) == []


def test_a_folder_without_results_replaces_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(agreement, "KEPT", tmp_path / "kept.json")
    monkeypatch.setattr("sys.argv", ["agreement", str(tmp_path / "mistyped"), "--how", "otherwise"])
    with pytest.raises(SystemExit, match="2"):
        agreement.main()
    assert "mistyped holds no NAME/result.json" in capsys.readouterr().err and not agreement.KEPT.exists()


def test_the_kept_runs_decide_nothing_otherwise():
    second = json.loads(agreement.KEPT.read_text())["verdicts"]
    assert second.keys() == agreement.verdicts(agreement.RESULTS).keys()
    assert agreement.disagreements(agreement.verdicts(agreement.RESULTS), second) == []
