"""One holder of a folder at a time, whose lock dies with it."""

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys

import pytest

from wgan_keras.files.folders import LOCK, InUseError, hold
from wgan_keras.files.saving import NotWrittenError

HOLD = """
import sys, time
from wgan_keras.files.folders import hold
with hold(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder():
    """holder(folder): a process that holds it until it is killed."""
    started = []

    def start(folder):
        started.append(subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout.readline() == "held\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_second_is_told_who_holds_the_folder_and_a_killed_process_keeps_no_lock(holder, tmp_path):
    first = holder(tmp_path / "run")
    expected = f"run is in use by process {first.pid} on {socket.gethostname()}; wait until that ends, stop it, or"
    with pytest.raises(InUseError, match=expected), hold(tmp_path / "run"):
        raise AssertionError("two hold it")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert (tmp_path / "run" / LOCK).exists()
    with hold(tmp_path / "run"):
        assert (tmp_path / "run" / LOCK).read_text() == f"process {os.getpid()} on {socket.gethostname()}\n"
    assert not list((tmp_path / "run").iterdir())


def test_a_lock_on_a_file_that_its_holder_removed_meanwhile_keeps_nobody_away(tmp_path, monkeypatch):
    """The file is opened by the second, then unlocked and removed by the first, then locked by the second."""
    opened = os.open

    def late(path, *arguments):
        descriptor = opened(path, *arguments)
        if os.path.basename(path) == LOCK:
            monkeypatch.setattr(os, "open", opened)
            os.unlink(path)
        return descriptor

    monkeypatch.setattr(os, "open", late)
    with hold(tmp_path):
        assert os.open is opened
        with pytest.raises(InUseError), hold(tmp_path):
            raise AssertionError("two hold it")


def test_new_folders_that_stayed_empty_are_removed_and_others_stay(tmp_path):
    with pytest.raises(ValueError, match="refused"), hold(tmp_path / "runs/one"):
        raise ValueError("refused")
    assert not list(tmp_path.iterdir())
    with hold(tmp_path / "runs/one"):
        (tmp_path / "runs/one/config.json").touch()
    assert [path.name for path in (tmp_path / "runs/one").iterdir()] == ["config.json"]
    (tmp_path / "mine").mkdir()
    with hold(tmp_path / "mine"):
        pass
    assert (tmp_path / "mine").is_dir()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotWrittenError, match="run cannot be written"), hold(tmp_path / "file/run"):
        raise AssertionError("nothing is held")


def test_without_locks_a_warning_says_so(tmp_path, monkeypatch):
    def none(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", none)
    with pytest.warns(UserWarning, match="file system without locks: begin nothing else there"), hold(tmp_path):
        pass
