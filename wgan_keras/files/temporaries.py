"""Temporary files and folders beside what they become, and the removal of those that a kill left behind."""

import contextlib
import hashlib
import itertools
import os
import pathlib
import re
import secrets
import shutil
import socket
import time

DAY = 86_400  # seconds after which nothing is still being written, even on a machine whose processes are not seen
_PROCESS = secrets.token_hex(4)  # a process number alone is given out again, and containers number theirs alike
_COUNT = itertools.count()
# What version 0.1 wrote by names of its own, as .NUMBER.NAME; a user may have any other name of that form.
_EARLIER = (
    r"(gan|best)\.keras|model\.weights\.h5|(history|trials)\.csv|(failure|seconds)\.txt|report\.html|"
    r"(config|run|scores|metadata|search|oracle|trial|chief|(tuner|worker)\d+)\.json|\w+_[0-9a-f]{16}\.npz|"
    r"(samples|curves|neighbours|hyperparameters|expected_best|importance|epoch_\d+)\.png"
)
_FORM = re.compile(rf"\.(?P<number>\d+)(-(?P<machine>[0-9a-f]{{8}})-(?P<process>[0-9a-f]{{8}})-\d+\..+|\.({_EARLIER}))")


def beside(path):
    """A name for a temporary file beside `path`, with its suffixes, that no other process or call has."""
    path = pathlib.Path(path)
    return path.with_name(f".{os.getpid()}-{_machine()}-{_PROCESS}-{next(_COUNT)}.{path.name}")


@contextlib.contextmanager
def workshop(parent):
    """Yields a new folder in `parent`, which is made if it is not there, and removes it with all that is left in it."""
    parent = pathlib.Path(parent)
    parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(parent, DAY)
    folder = beside(parent / "workshop")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(folder, patience=0):
    """Removes the temporary files and folders in `folder`, not below, of processes that are dead.

    Args:
        folder: nothing is done if it is not there.
        patience: seconds for which those of other machines are left alone. 0 is for a folder that this process holds,
            see `wgan_keras.files.folders`: nobody else writes there.
    """
    for path in pathlib.Path(folder).glob(".*"):
        with contextlib.suppress(OSError):  # another may have removed it, or own it
            if _is_abandoned(path, patience):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _is_abandoned(path, patience):
    named = _FORM.fullmatch(path.name)
    if named is None:
        return False
    if named["machine"] in (None, _machine()) and _lives(int(named["number"]), named["process"]):
        return False
    return named["machine"] == _machine() or not patience or time.time() - path.stat().st_mtime > patience


def _lives(number, process):
    if number == os.getpid():
        return process == _PROCESS  # else one before that had the same number
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        pass
    return True


def _machine():
    """Of the host and of the numbering of processes, of which each container has its own."""
    try:
        numbering = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbering = ""
    return hashlib.sha256(f"{socket.gethostname()} {numbering}".encode()).hexdigest()[:8]
