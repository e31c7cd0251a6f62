"""Output that fails does not end what is at work."""

import os
import subprocess
import sys

import pytest

from wgan_keras.runtime import output

WORK = """
import os, sys
from wgan_keras.runtime import output
with output.may_fail():
    for i in range(3):
        print("line", i, flush=i < 2)
        print("error", i, file=sys.stderr)
    file = open(sys.argv[1], "w")
    file.write(f"done {file.fileno()}")
    os.write(1, b"from C")
"""


@pytest.mark.parametrize("how", ["| head -0", ">&-", "2>&-", ">/dev/full", ">/dev/full 2>&1", "<&- >&- 2>&-"])
def test_work_goes_on_whatever_becomes_of_its_output(tmp_path, how):
    """No error and no words of Python's at its end; and no file gets the number of a closed stream."""
    shell = f'"$0" -c "$1" "$2" {how}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", shell, sys.executable, WORK, tmp_path / "file"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stderr
    assert (tmp_path / "file").read_text() in [f"done {number}" for number in range(3, 9)]


def test_output_that_works_is_as_before(capsys):
    before = sys.stdout, sys.stderr
    with output.may_fail():
        print("heard")
        print("told", file=sys.stderr)
        assert sys.stdout.isatty() is False and sys.stdout.encoding == before[0].encoding
    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr() == ("heard\n", "told\n")


def test_once_silent_a_stream_stays_so_and_the_other_speaks(capfd):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        with output.may_fail():
            print("unheard", flush=True)
            print("unheard", flush=True)
            print("told", file=sys.stderr)
    assert capfd.readouterr().err == "told\n"
