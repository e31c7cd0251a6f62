"""Several processes train one game as one alone does, and none hangs when another dies."""

import pathlib
import socket
import subprocess
import sys

import numpy as np
import pytest

WORKER = pathlib.Path(__file__).with_name("worker.py")


@pytest.fixture
def workers(tmp_path, environment_on):
    """workers(backend, count): what the processes said, when all have ended; what they wrote is in `tmp_path`."""

    def run(backend, count):
        addresses = ",".join(f"localhost:{port}" for port in free_ports(count))
        commands = [[sys.executable, WORKER, str(index), str(count), addresses, tmp_path] for index in range(count)]
        how = {"env": environment_on(backend), "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running = [subprocess.Popen(command, **how) for command in commands]
        return [process.communicate(timeout=300) for process in running]

    return run


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_processes_give_the_numbers_of_one_and_the_first_writes_and_outlives_the_second(backend, workers, tmp_path):
    (said, errors), _ = workers(backend, 2)
    assert sorted(path.name for path in tmp_path.glob("*.keras")) == ["0.keras"], errors
    of_first, of_second = (np.load(tmp_path / f"{index}.npz") for index in (0, 1))
    (tmp_path / "0.npz").rename(tmp_path / "of_two.npz")
    assert "One of the 2 processes that train together is gone, so that none can go on. Start all of them" in said
    workers(backend, 1)
    alone = np.load(tmp_path / "0.npz")
    for name in alone.files:
        np.testing.assert_allclose(of_first[name], alone[name], rtol=1e-4, atol=2e-5)
        np.testing.assert_array_equal(of_second[name], of_first[name])
