"""Files that one process at a time has locked. The lock is the system's (`flock`): a killed process keeps none."""

import contextlib
import errno
import fcntl
import os
import pathlib
import socket
import time
import warnings
from collections.abc import Iterator
from typing import NamedTuple

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}  # of some network file systems
_SECONDS = 0.1  # from one try to the next


class Lock(NamedTuple):
    """A file that this process has locked. `excludes`: whether that keeps others away."""

    path: pathlib.Path
    descriptor: int
    excludes: bool

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self.descriptor)


def take(path: pathlib.Path) -> Lock:
    """Locks the file at `path`, made if it is not there with its folders, and writes into it who has it.

    Raises:
        BlockingIOError: it is locked.
        OSError: it cannot be written.
    """
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            excludes = _flock(descriptor)
            # Its last holder may have removed it since it was opened; a lock on that file keeps nobody away.
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
                return Lock(path, descriptor, excludes)
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)


def holder(path: pathlib.Path) -> str:
    """Who has locked the file at `path`, in words."""
    try:
        return path.read_text().strip() or "another process"
    except OSError:
        return "another process"


@contextlib.contextmanager
def turn(path: pathlib.Path, what: str) -> Iterator[None]:
    """Runs the block when no other process runs one under the same `path`, a file to lock.

    Where nothing can be locked, as in a folder that cannot be written, it runs at once.

    Args:
        what: is made in the block, for a warning while another makes it.
    """
    lock = _awaited(path, what)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _awaited(path, what):
    waits = False
    while True:
        try:
            return take(path)
        except BlockingIOError:
            if not waits:
                warnings.warn(f"{holder(path)} is making {what}; this one waits until it ends.", stacklevel=4)
            waits = True
            time.sleep(_SECONDS)
        except OSError:
            return None


def _flock(descriptor):
    """Whether the file system has locks; BlockingIOError if another has this one."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True
