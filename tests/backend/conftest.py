"""Processes with another backend than this one's: a process has one."""

import os
import pathlib
import subprocess
import sys

import pytest

# Tiny programs, many of them the same: to compile them is what takes the time.
_QUICK = {
    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "0",
}


ROOT = pathlib.Path(__file__).parents[2]


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
def run_on_jax(run_on, tmp_path_factory):
    cache = tmp_path_factory.mktemp("compiled")
    return lambda *arguments: run_on("jax", *arguments, **_QUICK, JAX_COMPILATION_CACHE_DIR=str(cache))
