"""How npm's failures are told; what it brings is tested where it is used."""

import os
import subprocess
import sys

import pytest

from wgan_keras.files import npm


@pytest.fixture
def program(tmp_path, monkeypatch):
    """program(source): npm is this Python script, and there is no other program."""

    def write(source):
        (tmp_path / "npm").write_text(f"#!{sys.executable}\n{source}")
        os.chmod(tmp_path / "npm", 0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return write


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "npm is not installed"),
        ("import sys\nsys.exit('npm error code E404\\nnpm error 404\\na log')", "npm error code E404; npm error 404"),
        ("import sys\nsys.exit(7)", "npm pack ended with 7"),
        ("", "npm pack wrote its archive elsewhere; see pack-destination in npm's settings"),
    ],
)
def test_why_there_is_no_package(program, tmp_path, source, reason):
    if source is not None:
        program(source)
    with pytest.raises(npm.NoPackageError) as caught:
        npm.pack("name@1", tmp_path)
    assert str(caught.value) == reason


def test_npm_that_does_not_answer_is_given_up(program, tmp_path, monkeypatch):
    def hang(command, timeout, **_):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(npm.NoPackageError, match="npm has not answered for 300 seconds"):
        npm.pack("name@1", tmp_path)
