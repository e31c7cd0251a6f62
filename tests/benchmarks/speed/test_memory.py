"""The benchmark of memory: what it counts, and the committed result."""

import json

import pytest

from benchmarks.speed import memory


def test_tensorflows_own_is_taken_off():
    runs = {
        "few": {"data": 3.0, "now": 803.0, "most": 810.0},
        "stream": {"data": 500.0, "now": 1_550.0, "most": 1_560.0},
    }
    found = memory.summary(runs)
    assert (found["few"]["beyond_tensorflow"], found["stream"]["beyond_tensorflow"]) == (3, 750)
    assert found["stream"]["times_the_data"] == 1.5


@pytest.mark.parametrize("kind", [pytest.param("uint8", marks=pytest.mark.long), "mapped"])
def test_a_small_run_is_measured_while_it_trains(kind):
    found = memory.trained(32, kind, steps=1, side=8)
    assert found["data"] == 32 * 8 * 8 * 3 / 2**20
    assert found["most"] >= found["now"] > 50


def test_a_run_holds_its_data_once():
    record = json.loads(memory.RESULT.read_text())
    for name in ("stream", "array"):
        assert record["runs"][name]["data"] > 500 and record["runs"][name]["times_the_data"] < 1.1


def test_a_hundred_times_the_pictures_mapped_take_less_than_a_gigabyte_more():
    few, many = (json.loads(memory.RESULT.read_text())["runs"][f"mapped_{n}"] for n in (2_000, 200_000))
    assert many["data"] > 99 * few["data"] and many["now"] - few["now"] < 1_000
