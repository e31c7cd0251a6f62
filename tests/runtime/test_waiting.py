"""Waiting for other processes has an end, wherever this one waits."""

import signal
import subprocess
import sys

WAITS = """
import ctypes, sys, time
from wgan_keras.runtime import waiting
waiting.PATIENCE = 0.3
with waiting.for_others("THE_OTHERS"):
    ctypes.PyDLL(None).sleep(int(sys.argv[1]))  # holds the interpreter, as a framework does
time.sleep(0.6)
print("came")
"""


def waited(seconds):
    return subprocess.run(
        [sys.executable, "-c", WAITS, str(seconds)], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_process_that_waits_in_vain_says_so_and_ends():
    done = waited(50)
    assert done.returncode == -signal.SIGKILL and done.stdout == ""
    assert done.stderr.startswith("wgan-keras: The other processes that THE_OTHERS names did not come within 0.3 sec")
    assert len(done.stderr.splitlines()) == 1


def test_one_whose_others_came_goes_on():
    done = waited(0)
    assert (done.returncode, done.stdout, done.stderr) == (0, "came\n", "")
