"""Processes with another backend than this one's: a process has one."""

import json
import os
import pathlib
import subprocess
import sys

import keras
import pytest

# Tiny programs, many of them the same: to compile them is what takes the time.
_QUICK = {
    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "0",
}


ROOT = pathlib.Path(__file__).parents[2]
SERVER = pathlib.Path(__file__).with_name("server.py")


@pytest.fixture(scope="session")
def environment_on():
    """environment_on(backend): that of a process with another backend."""
    return lambda backend: {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def run_on(environment_on):
    """run_on(backend, ...): Python with these arguments at the root of the repository, and what it said."""

    def run(backend, *arguments, **environment):
        environment = {**environment_on(backend), **environment}
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def quick_jax(tmp_path_factory):
    """The environment in which JAX compiles quickly, and each program once for all processes of the tests."""
    return {**_QUICK, "JAX_COMPILATION_CACHE_DIR": str(tmp_path_factory.getbasetemp().parent / "compiled")}


@pytest.fixture(scope="session")
def run_on_jax(run_on, quick_jax):
    """run_on_jax(..., XLA_FLAGS=""): `run_on` JAX, with these flags beside those of all tests."""

    def run(*arguments, XLA_FLAGS=""):
        return run_on("jax", *arguments, **quick_jax, XLA_FLAGS=f"{os.environ['XLA_FLAGS']} {XLA_FLAGS}")

    return run


@pytest.fixture
def selected(pytestconfig):
    """Arguments of pytest for facts in another process: without the long ones where these tests are without them."""
    return ("-q", "-p", "no:cacheprovider", "-m", pytestconfig.getoption("markexpr"))


@pytest.fixture(scope="session")
def in_jax(environment_on, quick_jax, tmp_path_factory):
    """in_jax(program, ...): runs a program with arguments in a process on JAX, the same one for all tests."""
    said = tmp_path_factory.mktemp("jax") / "stderr"
    with open(said, "w") as stderr:
        process = subprocess.Popen(
            [sys.executable, SERVER],
            cwd=ROOT,
            env={**environment_on("jax"), **quick_jax},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def run(*arguments):
        print(json.dumps([str(each) for each in arguments]), file=process.stdin, flush=True)
        assert process.stdout.readline() == "done\n", said.read_text()

    yield run
    process.stdin.close()
    process.wait()


@pytest.fixture(scope="session")
def in_batches():
    """in_batches(size, array, ...): a PyDataset of their minibatches, of one array or of tuples."""
    return Batches


class Batches(keras.utils.PyDataset):
    def __init__(self, size, *arrays):
        super().__init__()
        self.size, self.arrays = size, arrays

    @property
    def num_batches(self):
        return -(-len(self.arrays[0]) // self.size)

    def __getitem__(self, k):
        rows = tuple(array[k * self.size : (k + 1) * self.size] for array in self.arrays)
        return rows if len(rows) > 1 else rows[0]
