"""Two processes of the command, of which one is killed again and again, end as two that were left alone."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from benchmarks import processes
from wgan_keras import load_model
from wgan_keras.recipes import standard

KILLS, EPOCH = 20, 20
ITERATIONS = {"tensorflow": 1_200, "jax": 400}  # more than the kills leave time for; JAX's steps are slow on a CPU
GONE = "One of the 2 processes that train together is gone, so that none can go on. Start all of them again"

pytestmark = pytest.mark.long


def variables(backend, index, free):
    """What tells a process of the other."""
    if backend == "tensorflow":
        workers = [f"localhost:{port}" for port in free]
        return {"TF_CONFIG": json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}})}
    return {
        "KERAS_DISTRIBUTION_JOB_ADDRESSES": f"localhost:{free[0]}",
        "KERAS_DISTRIBUTION_NUM_PROCESSES": "2",
        "KERAS_DISTRIBUTION_PROCESS_ID": str(index),
    }


@pytest.fixture
def started(tmp_path, environment_on):
    """started(backend, words): two processes that train, each with the file of what it says."""
    all_of_them = []

    def start(backend, *words):
        free, pairs = processes.free_ports(2), []
        for index in range(2):
            said = tmp_path / f"{index}.txt"
            environment = environment_on(backend) | variables(backend, index, free)
            command = [sys.executable, "-m", "wgan_keras.cli", "train", *map(str, words), "--devices", "all"]
            with open(said, "w") as file:
                process = subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT)
            pairs.append((process, said))
        all_of_them.extend(process for process, _ in pairs)
        return pairs

    yield start
    for process in all_of_them:
        process.kill()


def until_they_train(pairs):
    while any("Epoch" not in said.read_text() for _, said in pairs):
        assert all(process.poll() is None for process, _ in pairs), [said.read_text()[-2_000:] for _, said in pairs]
        time.sleep(0.05)


def to_the_end(pairs):
    assert [process.wait(timeout=600) for process, _ in pairs] == [0, 0], pairs[1][1].read_text()[-2_000:]


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_a_run_whose_processes_are_killed_twenty_times_ends_as_one_that_was_not(backend, started, tmp_path):
    game = {"name": "wgan_gp", "ema_decay": 0.9, "seed": 1}
    recipe = standard(game, {"name": "eight_gaussians"}, (2,), width=2, batch_size=32, iterations=ITERATIONS[backend])
    recipe.save(tmp_path / "recipe.json")
    words = [tmp_path / "recipe.json", "--epoch-iterations", EPOCH, "--out"]
    to_the_end(started(backend, *words, tmp_path / "whole"))
    rng = random.Random(0)
    for _ in range(KILLS):
        begun = (tmp_path / "cut/run.json").exists()
        pairs = started(backend, *(["--resume", "--out"] if begun else words), tmp_path / "cut")
        until_they_train(pairs)
        time.sleep(rng.uniform(0, 2))
        killed = rng.randrange(2)
        os.kill(pairs[killed][0].pid, signal.SIGKILL)
        other, said = pairs[1 - killed]
        assert other.wait(timeout=60) == 1
        assert GONE in said.read_text()
    to_the_end(started(backend, "--resume", "--out", tmp_path / "cut"))
    assert sorted(path.name for path in (tmp_path / "cut").rglob(".*") if path.name != ".lock") == []
    whole, cut = (load_model(tmp_path / name / "gan.keras") for name in ("whole", "cut"))
    assert int(cut.generator_optimizer.iterations.numpy()) == ITERATIONS[backend]
    for one, other in zip(whole.get_weights(), cut.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
