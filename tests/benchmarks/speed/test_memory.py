"""The benchmark of memory: what it counts, and the committed result."""

import json

from benchmarks.speed import memory


def test_tensorflows_own_is_taken_off():
    runs = {
        "few": {"data": 3.0, "now": 803.0, "most": 810.0},
        "stream": {"data": 500.0, "now": 1_550.0, "most": 1_560.0},
    }
    found = memory.summary(runs)
    assert (found["few"]["beyond_tensorflow"], found["stream"]["beyond_tensorflow"]) == (3, 750)
    assert found["stream"]["times_the_data"] == 1.5


def test_a_small_run_is_measured_while_it_trains():
    found = memory.trained(32, "uint8", steps=1, side=8)
    assert found["data"] == 32 * 8 * 8 * 3 / 2**20
    assert found["most"] >= found["now"] > 50


def test_a_run_holds_its_data_once():
    record = json.loads(memory.RESULT.read_text())
    for name in ("stream", "array"):
        assert record["runs"][name]["data"] > 500 and record["runs"][name]["times_the_data"] < 1.1
