"""The run of all benchmarks, and what each of them must have."""

import importlib
import json
import subprocess
import sys

import pytest

from benchmarks.papers import __main__ as papers
from benchmarks.papers.report import RESULTS


@pytest.fixture
def commands(monkeypatch):
    """{command that would have been run: its environment}; the one of `nash` fails."""
    seen = {}

    def run(command, env, **pipes):
        seen[tuple(command[2:])] = env
        status = 3 if "benchmarks.papers.nash" in command else 0
        return subprocess.CompletedProcess(command, status, stdout="its words\n")

    monkeypatch.setattr(papers.subprocess, "run", run)
    return seen


def test_a_failure_is_told_and_the_others_run_on(commands, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "argv", ["papers", "--full", "--out", str(tmp_path), "--only", "nash", "distances"])
    with pytest.raises(SystemExit, match="failed: nash"):
        papers.main()
    rest = ("--out", str(tmp_path), "--full")
    assert set(commands) == {("benchmarks.papers.nash", *rest), ("benchmarks.papers.distances", *rest)}
    assert "its words\nnash: FAILED with exit status 3" in capsys.readouterr().out
    assert (tmp_path / "index.html").exists()


@pytest.mark.parametrize(("jobs", "threads"), [(1, "6"), (4, "1"), (9, "1")])
def test_benchmarks_at_once_share_the_cores(commands, monkeypatch, tmp_path, jobs, threads):
    monkeypatch.setattr(papers.os, "cpu_count", lambda: 6)
    arguments = ["--jobs", str(jobs), "--out", str(tmp_path), "--only", "distances"]
    monkeypatch.setattr(sys, "argv", ["papers", *arguments])
    papers.main()
    (environment,) = commands.values()
    assert environment["TF_NUM_INTRAOP_THREADS"] == environment["OMP_NUM_THREADS"] == threads


def test_the_longest_begins_first_and_the_page_keeps_its_order():
    names = ["topologies", "oscillating_modes", "distances"]
    assert papers.longest_first(names) == ["oscillating_modes", "distances", "topologies"]
    assert [result["name"] for result in papers.page.read(names, RESULTS)] == names


@pytest.mark.parametrize("name", papers.NAMES)
def test_every_benchmark_names_its_source_and_its_command(name):
    module = importlib.import_module(f"benchmarks.papers.{name}")
    assert f"python -m benchmarks.papers.{name}" in module.__doc__
    assert "arXiv" in module.__doc__ and ".txt" not in module.__doc__
    assert type(module.REDUCED) is type(module.FULL)


@pytest.mark.parametrize("name", papers.NAMES)
def test_the_kept_result_was_run_with_the_settings_of_the_code(name):
    module = importlib.import_module(f"benchmarks.papers.{name}")
    record = json.loads((RESULTS / name / "result.json").read_text())
    settings = json.loads(json.dumps((module.FULL if "--full" in record["command"] else module.REDUCED)._asdict()))
    assert {**record["settings"], "seeds": None} == {**settings, "seeds": None}  # fewer may have decided
