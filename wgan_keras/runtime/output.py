"""Standard output that may fail, as when a terminal is closed or `head` has read enough, while the work goes on."""

import contextlib
import io
import os
import sys

_ERRORS = "backslashreplace"


def show_any_name():
    """Standard output and error show what they cannot encode, as file names that are not UTF-8, in ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


@contextlib.contextmanager
def may_fail():
    """Within it, once something cannot be written to standard output or error, that stream is silent, and no error."""
    _fill_the_closed()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        _Stream(os.fdopen(number, "w", errors=_ERRORS, closefd=False) if stream is None else stream)
        for number, stream in zip((1, 2), before, strict=True)
    )
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _fill_the_closed():
    """Gives the numbers 0 to 2, where they are closed, to the null device; else the next file opened would get them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)  # the lowest number free, so this one


class _Stream:
    def __init__(self, stream):
        self._stream = stream

    def write(self, text):
        try:
            return self._stream.write(text)
        except OSError:
            self._silence()
            return len(text)

    def flush(self):
        try:
            self._stream.flush()
        except OSError:
            self._silence()

    def _silence(self):
        """Points the descriptor at the null device, to which Python flushes at its exit what the buffer still has."""
        with contextlib.suppress(OSError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)

    def __getattr__(self, name):
        return getattr(self._stream, name)
