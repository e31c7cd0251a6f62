"""Several processes train one game as one alone does, and none hangs when another dies."""

import pathlib
import runpy
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import processes

WORKER = pathlib.Path(__file__).with_name("worker.py")
# In all three processes, as programs that are compiled otherwise round otherwise.
COMPILED_QUICKLY = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}


@pytest.fixture
def workers(tmp_path, environment_on):
    """workers(backend): what two processes said, when both have ended; what they wrote is in `tmp_path`."""

    def run(backend):
        addresses = ",".join(f"localhost:{port}" for port in processes.free_ports(2))
        commands = [[sys.executable, WORKER, str(index), "2", addresses, tmp_path] for index in range(2)]
        environment = {**environment_on(backend), **COMPILED_QUICKLY}
        how = {"env": environment, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running = [subprocess.Popen(command, **how) for command in commands]
        return [process.communicate(timeout=300) for process in running]

    return run


@pytest.fixture
def alone(run_on, tmp_path):
    """alone(backend): the arrays of one process, by name."""

    def run(backend):
        folder = tmp_path / "alone"
        folder.mkdir()
        if backend == "jax":
            done = run_on("jax", WORKER, 0, 1, "", folder, **COMPILED_QUICKLY)
            assert done.returncode == 0, done.stderr
        else:
            runpy.run_path(str(WORKER))["main"](0, 1, "", folder)
        return np.load(folder / "0.npz")

    return run


@pytest.mark.parametrize("backend", ["tensorflow", pytest.param("jax", marks=pytest.mark.long)])
def test_two_processes_give_the_numbers_of_one_and_the_first_writes_and_outlives_the_second(
    backend, workers, alone, tmp_path
):
    (said, errors), _ = workers(backend)
    assert sorted(path.name for path in tmp_path.glob("*.keras")) == ["0.keras"], errors
    assert "One of the 2 processes that train together is gone, so that none can go on. Start all of them" in said
    of_first, of_second = (np.load(tmp_path / f"{index}.npz") for index in (0, 1))
    of_one = alone(backend)
    assert of_one.files == of_first.files and len(of_one.files) > 30
    for name in of_one.files:
        np.testing.assert_allclose(of_first[name], of_one[name], rtol=1e-4, atol=2e-5)
        np.testing.assert_array_equal(of_second[name], of_first[name])
