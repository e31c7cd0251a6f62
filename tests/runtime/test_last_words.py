"""An abort, which no exception tells of, ends with a line for people."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, threading, time
from wgan_keras.runtime import last_words
last_words.say_at_abort("wgan-keras: It is over.")
{}
"""
IN_ANOTHER_THREAD = "threading.Thread(target=os.abort).start()\ntime.sleep(60)"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
@pytest.mark.parametrize("abort", ["os.abort()", IN_ANOTHER_THREAD])
def test_the_line_is_said_and_the_status_is_that_of_an_error(abort):
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(abort)], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (1, "wgan-keras: It is over.\n")


def test_a_process_that_does_not_abort_says_nothing():
    done = subprocess.run([sys.executable, "-c", PROGRAM.format("")], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")


IN_A_CHILD = (
    "child = os.fork()\nif child == 0:\n    os.abort()\nprint(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
def test_a_child_aborts_as_ever():
    program = PROGRAM.format(IN_A_CHILD)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "-6\n")
