"""What the command takes to start: the row of a command, and the committed result."""

import json

from benchmarks import pages
from benchmarks.speed import start_up

TOLD = {"command": "c", "date": "d", "machine": {"processor": "p", "cores": 2}}


def test_a_command_is_run_to_its_end(tmp_path):
    start_up.run("list data", tmp_path)
    (row,) = start_up.measure({"list": 1.0}, rounds=2).values()
    assert row["at_most"] == 1.0 and row["median"] >= 0


def test_what_takes_too_long_is_bold():
    rows = {
        "list": {"median": 0.4, "quartiles": [0.3, 0.5], "at_most": 1.0},
        "train": {"median": 6.0, "quartiles": [5.9, 6.1], "at_most": 5.0},
    }
    table = start_up.markdown({**TOLD, "seconds": rows})
    assert "| `list` | 0.40 | 0.30 to 0.50 | 1 |" in table and "| `train` | **6.00** | 5.90 to 6.10 | 5 |" in table


def test_the_pages_table_is_that_of_the_committed_results():
    table = start_up.markdown(json.loads(start_up.RESULT.read_text()))
    assert table in pages.PAGES["start_up"].read_text()
