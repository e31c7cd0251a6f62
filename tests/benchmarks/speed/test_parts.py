"""What parts cost: that both games of a comparison differ in the part alone, and the table."""

import dataclasses
import json

import pytest

from benchmarks import pages
from benchmarks.speed import parts

TINY = {
    parts.PICTURES.name: dataclasses.replace(parts.PICTURES, shape=(8, 8, 1), width=2, m=4),
    parts.POINTS.name: dataclasses.replace(parts.POINTS, width=4, m=4, steps=1, compile={}),
}


@pytest.mark.parametrize("name", parts.COMPARISONS)
def test_the_games_have_the_same_generator_and_batches(name):
    comparison = parts.COMPARISONS[name]
    workload = TINY[comparison.workload.name]
    games = [build(workload) for build in (comparison.part, comparison.plain)]
    assert type(games[0]) is type(games[1])
    if name.startswith("unrolled") and "0 steps" not in name.replace("10", ""):
        assert games[1].n_critic == games[0].n_critic + 1 + games[0].objective.steps
    else:
        assert games[1].n_critic == games[0].n_critic
    if name != "labels":
        assert len({game.generator.count_params() for game in games}) == 1


@pytest.mark.parametrize("name", ["labels", pytest.param("unrolled, 1 steps", marks=pytest.mark.long)])
def test_a_small_run_gives_a_row_that_the_table_shows(name):
    comparison = parts.COMPARISONS[name]
    row = parts.compare(comparison._replace(workload=TINY[comparison.workload.name]), rounds=2)
    assert row["times_as_long"] == {"median": 1, "quartiles": [1, 1]}  # by the clock of these tests
    record = {"command": "c", "date": "d", "machine": {"processor": "p", "cores": 2}, "comparisons": {name: row}}
    assert f"| {name} | dcgan_28x28x1 | 500 | 500 | 1.000 (1.000 to 1.000) |" in parts.markdown(record)


def test_what_takes_too_long_is_bold():
    row = {
        "workload": "w",
        "milliseconds_a_step": {"part": {"median": 11.0}, "plain": {"median": 10.0}},
        "times_as_long": {"median": 1.1, "quartiles": [1.0, 1.2]},
        "at_most": 1.05,
    }
    record = {"command": "c", "date": "d", "machine": {"processor": "p", "cores": 2}, "comparisons": {"x": row}}
    assert "| x | w | 11 | 10 | **1.100** (1.000 to 1.200) | 1.05 |" in parts.markdown(record)


def test_the_pages_table_is_that_of_the_committed_results():
    table = parts.markdown(json.loads(parts.RESULT.read_text()))
    assert table in pages.PAGES["parts"].read_text()
