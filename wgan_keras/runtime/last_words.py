"""What is said when a framework aborts this process, which no exception tells of."""

import atexit
import ctypes
import faulthandler
import os
import signal
from collections.abc import Callable

_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_int)
_kept: list[Callable[[int], None]] = []  # the C side holds no reference


def say_at_abort(message: str) -> None:
    """From now on an abort of this process ends with `message` on stderr and status 1, as an error of the command does.

    Python's own handlers of signals do not serve: they run when the main thread next runs Python, and an abort does not
    wait for that. This one runs in the thread that aborts, as soon as no other thread runs Python. Children that this
    process forks abort as ever. Nothing changes on Windows, nor where Python's faulthandler is on.
    """
    if os.name != "posix" or faulthandler.is_enabled():
        return
    here = os.getpid()

    @_HANDLER
    def handler(_number):
        if os.getpid() == here:
            os.write(2, f"{message}\n".encode())
            os._exit(1)

    _kept.append(handler)
    ctypes.CDLL(None).signal(signal.SIGABRT, handler)
    atexit.register(signal.signal, signal.SIGABRT, signal.SIG_DFL)  # later there is no Python to run it
