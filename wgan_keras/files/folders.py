"""A folder that is written over hours has one process that holds it; the others are told which."""

import contextlib
import errno
import fcntl
import os
import pathlib
import socket
import warnings

from wgan_keras.files.saving import NotWrittenError
from wgan_keras.files.temporaries import remove_abandoned
from wgan_keras.runtime import processes

LOCK = ".lock"
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}  # of some network file systems


class InUseError(OSError):
    """Another process holds the folder; the message says which."""


@contextlib.contextmanager
def hold(folder):
    """Holds `folder`, made if it is not there, until the block ends or this process does.

    Of processes that train together the first holds it.

    The lock is the operating system's (`flock`), on the file `.lock`, which says who has it: a killed process keeps
    none. Temporary files that one left in the folder are removed. So is, at the end, a new folder that stayed empty.

    Raises:
        InUseError: another process holds it, or another `hold` in this one.
        NotWrittenError: it cannot be written.
    """
    folder = pathlib.Path(folder).expanduser()
    if not processes.writes():
        yield
        return
    lock = folder / LOCK
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        descriptor = _lock(lock)
    except BlockingIOError:
        raise InUseError(
            f"{folder} is in use by {_holder(lock)}; wait until that ends, stop it, or choose another folder."
        ) from None
    except OSError as error:
        raise NotWrittenError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    try:
        remove_abandoned(folder)
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
        os.close(descriptor)
        for each in new:
            with contextlib.suppress(OSError):
                each.rmdir()


def _lock(path):
    """The descriptor of the locked file at `path`; BlockingIOError if it is locked."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _flock(descriptor, path)
            # Its last holder may have removed it since it was opened; a lock on that file keeps nobody away.
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _flock(descriptor, path):
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        warnings.warn(f"{path.parent} lies on a file system without locks: begin nothing else there.", stacklevel=2)


def _holder(path):
    try:
        return path.read_text().strip() or "another process"
    except OSError:
        return "another process"
