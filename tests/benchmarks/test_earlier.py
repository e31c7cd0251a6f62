"""What was measured before stays beside what is measured in part, and says what made it."""

import pytest

from benchmarks import earlier

MADE = {"command": "python -m it", "date": "2025-01-01", "machine": {"processor": "P", "cores": 8}, "versions": {}}


def test_a_run_in_part_replaces_its_own_rows_alone():
    kept = MADE | {"ways": {"a": {"score": 1}, "b": {"score": 2}}}
    ways = earlier.merged(kept, "ways", {"c": {"score": 4}, "a": {"score": 3}}, "abcd")
    assert list(ways.items()) == [("a", {"score": 3}), ("b", {"score": 2, "measured": MADE}), ("c", {"score": 4})]
    later = MADE | {"date": "2026-01-01", "ways": ways}
    assert earlier.merged(later, "ways", {}, "abc")["b"] == ways["b"]  # who measured it first stays
    assert earlier.merged({}, "ways", {"a": {}}, "abc") == {"a": {}}


def test_rows_of_an_earlier_run_are_told():
    rows = [("a", {"measured": MADE}), ("b", {}), ("c", {"measured": MADE}), ("a", {"measured": MADE})]
    assert earlier.in_words(rows) == " Of an earlier run: a, c, 2025-01-01 on P, 8 cores, by `python -m it`."
    assert earlier.in_words([("b", {})]) == ""


def test_a_record_of_other_settings_is_refused(tmp_path):
    path = tmp_path / "it.json"
    assert earlier.read(path, {"width": 16}) == {}
    path.write_text('{"width": 8, "more": 1}')
    assert earlier.read(path, {"width": 8}) == {"width": 8, "more": 1}
    with pytest.raises(SystemExit, match=r"it.json is of {'width': 8}; expected {'width': 16}. Remove it, or choose"):
        earlier.read(path, {"width": 16})
