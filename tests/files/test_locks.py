"""One process at a time makes something; `test_folders.py` has what becomes of the lock of one that dies."""

import errno
import fcntl
import os
import types

import pytest

from wgan_keras.files import locks


def test_the_second_waits_until_the_first_has_ended_and_says_for_whom(tmp_path, monkeypatch):
    path = tmp_path / "cache/.pictures.lock"
    first = locks.take(path)
    monkeypatch.setattr(locks, "time", types.SimpleNamespace(sleep=lambda _: first.release()))
    message = rf"^process {os.getpid()} on .* is making pictures; this one waits until it ends\."
    with pytest.warns(UserWarning, match=message), locks.turn(path, "pictures"), pytest.raises(BlockingIOError):
        locks.take(path)
    assert not path.exists()


def test_where_nothing_can_be_locked_nobody_waits(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    with locks.turn(tmp_path / "file/lock", "pictures"):
        pass

    def none(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", none)
    with locks.turn(tmp_path / "lock", "pictures"), locks.turn(tmp_path / "lock", "pictures"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
