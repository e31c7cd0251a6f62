"""What is said when a framework aborts this process, which no exception tells of."""

import ctypes
import os
import signal
from collections.abc import Callable

_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_int)
_kept: list[Callable[[int], None]] = []  # the C side holds no reference


def say_at_abort(message: str) -> None:
    """From now on an abort ends with `message` on stderr and status 1, as an error of the command does.

    Python's own handlers of signals do not serve: they run when the main thread next runs Python, and an abort does not
    wait for that. This one runs in the thread that aborts. On Windows nothing changes.
    """
    if os.name != "posix":
        return

    @_HANDLER
    def handler(_number):
        os.write(2, f"{message}\n".encode())
        os._exit(1)

    _kept.append(handler)
    ctypes.CDLL(None).signal(signal.SIGABRT, handler)
