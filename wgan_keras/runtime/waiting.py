"""An end to waiting for other processes."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

PATIENCE = 240  # seconds; JAX's own is 300, at which it aborts, and TensorFlow's an hour

_WATCH = """
import os, signal, sys, time
seconds, waiting, message = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
time.sleep(seconds)
if os.getppid() == waiting:
    print(message, file=sys.stderr, flush=True)
    os.kill(waiting, signal.SIGKILL)
"""


@contextlib.contextmanager
def for_others(named_by: str) -> Iterator[None]:
    """Within it this process waits for those that train along; it ends, and says why, if they do not come in time.

    Another process watches: frameworks wait where no Python runs, and no exception comes through.

    Args:
        named_by: the environment variable that names them.
    """
    message = (
        f"wgan-keras: The other processes that {named_by} names did not come within {PATIENCE} seconds. Start all of "
        "them at about the same time, each with its own number, and see that their addresses can be reached."
    )
    watch = subprocess.Popen([sys.executable, "-S", "-E", "-c", _WATCH, str(PATIENCE), str(os.getpid()), message])
    try:
        yield
    finally:
        watch.kill()
        watch.wait()
