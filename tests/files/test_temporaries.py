"""What a killed process leaves half written is removed, and what a living one writes is not."""

import os
import re
import signal
import subprocess
import sys

import pytest

from wgan_keras.files import temporaries
from wgan_keras.files.folders import hold
from wgan_keras.files.saving import whole_file
from wgan_keras.files.temporaries import DAY, beside, remove_abandoned, workshop

WRITE = """
import sys, time
from wgan_keras.files.saving import whole_file
with whole_file(sys.argv[1]) as temporary:
    temporary.write_text("half")
    print(temporary, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def writer(tmp_path):
    """A process that writes tmp_path/gan.keras and never comes to the end."""
    command = [sys.executable, "-c", WRITE, str(tmp_path / "gan.keras")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().strip().endswith(".gan.keras")
        yield process
        process.kill()


def test_half_a_file_of_a_killed_process_is_removed_and_of_a_living_one_is_not(writer, tmp_path):
    with whole_file(tmp_path / "own.keras") as own:
        own.touch()
        with hold(tmp_path):
            assert len(list(tmp_path.glob(".*.keras"))) == 2
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        with hold(tmp_path):
            assert list(tmp_path.glob(".*.keras")) == [own]


def test_processes_and_calls_of_equal_numbers_share_no_name(tmp_path, monkeypatch):
    names = {beside(tmp_path / "a.json"), beside(tmp_path / "a.json")}
    monkeypatch.setattr(temporaries, "_PROCESS", "0" * 8)  # another, in a container, of the same number
    names.add(beside(tmp_path / "a.json"))
    assert len(names) == 3 and all(name.suffix == ".json" and name.parent == tmp_path for name in names)


def test_a_dead_process_that_had_this_ones_number_is_not_taken_for_this_one(tmp_path, monkeypatch):
    """As when a container is started again, and its first process is number 1 again."""
    with monkeypatch.context() as patch:
        patch.setattr(temporaries, "_PROCESS", "0" * 8)
        beside(tmp_path / "gan.keras").touch()
    (tmp_path / f".{os.getpid()}.gan.keras").touch()  # version 0.1's name
    beside(tmp_path / "own.keras").touch()
    remove_abandoned(tmp_path)
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".own.keras")


def test_those_of_other_machines_go_where_nobody_else_writes_and_elsewhere_after_a_day(tmp_path, monkeypatch):
    path = beside(tmp_path / "features.npz")
    path = path.with_name(re.sub(r"^\.\d+-", f".{os.getppid()}-", path.name))  # a living process, here
    path.touch()
    monkeypatch.setattr(temporaries, "_machine", lambda: "0" * 8)
    remove_abandoned(tmp_path, DAY)
    assert path.exists()
    os.utime(path, (0, 0))
    remove_abandoned(tmp_path, DAY)
    assert not path.exists()
    path.touch()
    remove_abandoned(tmp_path)
    assert not path.exists()


def test_files_of_others_are_left_alone(tmp_path):
    names = {".lock", ".2024.notes", ".gitignore", "gan.keras", f".{os.getppid()}.gan.keras"}
    names |= {f".99999999.{name}" for name in ("notes.txt", "gan.keras.txt", "my.gan.keras", "table.csv", "face.png")}
    earlier = {f".99999999.{name}" for name in ("gan.keras", "epoch_0012.png", f"fid_pixels_1k_{'0a' * 8}.npz")}
    for name in names | earlier:
        (tmp_path / name).touch()
    remove_abandoned(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == names
    remove_abandoned(tmp_path / "not there")


def test_a_workshop_goes_with_all_in_it_and_those_of_the_dead_go_too(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(temporaries, "_PROCESS", "0" * 8)
        left = beside(tmp_path / "new/workshop")
    left.mkdir(parents=True)
    (left / "picture.png").touch()
    with workshop(tmp_path / "new") as folder:
        (folder / "picture.png").touch()
        assert list((tmp_path / "new").iterdir()) == [folder]
    assert not list((tmp_path / "new").iterdir())
