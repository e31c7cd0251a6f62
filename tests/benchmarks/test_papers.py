"""The run of all benchmarks, and what each of them must have."""

import importlib
import subprocess
import sys

import pytest

from benchmarks import papers


@pytest.fixture
def commands(monkeypatch):
    """Commands that would have been run; the one of `nash` fails."""
    seen = []

    def run(command, env):
        seen.append(command)
        return subprocess.CompletedProcess(command, 3 if "benchmarks.nash" in command else 0)

    monkeypatch.setattr(papers.subprocess, "run", run)
    return seen


def test_a_failure_is_told_and_the_others_run_on(commands, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "argv", ["papers", "--full", "--out", str(tmp_path), "--only", "nash", "distances"])
    with pytest.raises(SystemExit, match="failed: nash"):
        papers.main()
    assert [command[2:] for command in commands] == [
        [f"benchmarks.{name}", "--out", str(tmp_path), "--full"] for name in ("nash", "distances")
    ]
    assert "nash: FAILED with exit status 3" in capsys.readouterr().out
    assert (tmp_path / "index.html").exists()


@pytest.mark.parametrize("name", papers.NAMES)
def test_every_benchmark_names_its_source_and_its_command(name):
    module = importlib.import_module(f"benchmarks.{name}")
    assert f"python -m benchmarks.{name}" in module.__doc__
    assert ".txt" in module.__doc__
    assert type(module.REDUCED) is type(module.FULL)
