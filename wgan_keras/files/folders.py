"""A folder that is written over hours has one process that holds it; the others are told which."""

import contextlib
import pathlib
import warnings

from wgan_keras.files import locks
from wgan_keras.files.saving import NotWrittenError
from wgan_keras.files.temporaries import remove_abandoned
from wgan_keras.runtime import processes

LOCK = ".lock"


class InUseError(OSError):
    """Another process holds the folder; the message says which."""


@contextlib.contextmanager
def hold(folder):
    """Holds `folder`, made if it is not there, until the block ends or this process does.

    Of processes that train together the first holds it.

    The lock is on the file `.lock`: a killed process keeps none, see `wgan_keras.files.locks`. Temporary files that one
    left in the folder are removed. So is, at the end, a new folder that stayed empty.

    Raises:
        InUseError: another process holds it, or another `hold` in this one.
        NotWrittenError: it cannot be written.
    """
    folder = pathlib.Path(folder).expanduser()
    if not processes.writes():
        yield
        return
    path = folder / LOCK
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        lock = locks.take(path)
    except BlockingIOError:
        raise InUseError(
            f"{folder} is in use by {locks.holder(path)}; wait until that ends, stop it, or choose another folder."
        ) from None
    except OSError as error:
        raise NotWrittenError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    try:
        if not lock.excludes:
            warnings.warn(f"{folder} lies on a file system without locks: begin nothing else there.", stacklevel=3)
        remove_abandoned(folder)
        yield
    finally:
        lock.release()
        for each in new:
            with contextlib.suppress(OSError):
                each.rmdir()
