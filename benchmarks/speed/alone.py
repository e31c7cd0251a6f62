"""A measurement in a process of its own, where nothing that ran before holds memory."""

import json
import os
import subprocess
import sys


def measured(module: str, only: str) -> dict:
    """What `python -m module --only ...` prints in its last line, on a CPU.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-m", module, "--only", only]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"python -m {module} --only {only} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])
