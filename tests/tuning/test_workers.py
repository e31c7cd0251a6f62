"""A chief and two workers on this machine, and the loss of one."""

import json
import multiprocessing
import os
import signal
import sys
import threading
import time

import pytest

from wgan_keras.runtime import user_modules
from wgan_keras.tuning import results, workers

# Steps are run eagerly in each process, and worker0 leaves the first trial to worker1, which is to be killed in it.
TOLD = """
import multiprocessing, pathlib, time
import tensorflow as tf

with open(__file__ + ".count", "a") as file:
    file.write("x")
tf.config.run_functions_eagerly(True)
while multiprocessing.current_process().name == "worker0" and not list(pathlib.Path(__file__).parent.glob("trial_*")):
    time.sleep(0.01)
"""


@pytest.mark.usefixtures("eagerly")
def test_two_workers_end_as_one_though_one_is_killed(tmp_path, plain, told, monkeypatch):
    """Each process imports what this one has imported."""
    search = plain(trials=2)
    search.save(tmp_path / "alone")
    search.open(tmp_path / "alone").search(verbose=0)
    mine = tmp_path / "told_to_workers.py"
    mine.write_text(TOLD)
    monkeypatch.setattr(user_modules, "_imported", {})
    monkeypatch.setattr(sys, "path", list(sys.path))
    user_modules.import_modules([str(mine)])
    search.save(tmp_path)
    errors = []

    def run():
        try:
            workers.search(tmp_path, 2)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    lost = None
    while lost is None and thread.is_alive():
        time.sleep(0.01)
        if (tmp_path / "oracle.json").exists():
            trial = json.loads((tmp_path / "oracle.json").read_text())["ongoing_trials"].get("worker1")
            if trial is not None and (tmp_path / f"trial_{trial}/gan.keras").exists():
                lost = trial
    victim = next(p for p in multiprocessing.active_children() if p.name == "worker1")
    os.kill(victim.pid, signal.SIGKILL)
    thread.join()
    assert errors == []
    rows = results.read(tmp_path)
    assert lost in [row["trial"] for row in rows]
    assert told(rows) == told(results.read(tmp_path / "alone"))
    assert {p.name for p in tmp_path.glob("worker*.json")} == {"worker0.json", "worker1.json"}
    # This process, the chief, two workers, and the one in the place of the one that was killed.
    assert (tmp_path / "told_to_workers.py.count").read_text() == "xxxxx"
