"""Pictures mapped from the cache: the same numbers, made once, whole or not at all, and hardly any memory."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from wgan_keras import data
from wgan_keras.backend import py_data, tf_data
from wgan_keras.data import decoding, picture_arrays, picture_cache
from wgan_keras.files.saving import NotWrittenError
from wgan_keras.pipelines.shuffling import shuffled


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """The folder of an empty cache, into which everything goes, however small."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(picture_arrays, "LEAST", 0)
    return tmp_path / "cache/wgan_keras/images"


@pytest.fixture
def pictures(tmp_path):
    """24 pictures of noise, 12 of them in color, in two classes, of which the first 10 hold no test picture."""
    rng = np.random.default_rng(0)
    for i in range(24):
        path = tmp_path / f"pictures/{'a' if i < 9 else 'b'}/{i:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        shape = (9 + i, 12) if i % 2 else (9 + i, 12, 3)
        Image.fromarray(rng.integers(0, 256, shape, np.uint8)).save(path)
    return tmp_path / "pictures"


def everything(folder, **options):
    """Both splits, without labels and with them, and the reports."""
    plain = data.load_splits(folder, image_size=8, progress=decoding.silent, **options)
    return [*plain, *data.load_splits(folder, image_size=8, progress=decoding.silent, labels=True, **options)]


def is_mapped(array):
    return array.base is not None and not array.flags.writeable and not array.flags.owndata


def test_the_numbers_and_reports_are_those_of_memory(pictures, monkeypatch):
    mapped = everything(pictures), everything(pictures)  # made, and found
    monkeypatch.setattr(picture_arrays, "LEAST", 2**40)
    expected = everything(pictures)
    for found in mapped:
        train, test, report, *labeled, labeled_report = found
        assert is_mapped(train) and not is_mapped(expected[0])
        np.testing.assert_array_equal(train, expected[0])
        np.testing.assert_array_equal(test, expected[1])
        for one, other in zip(labeled, expected[3:5], strict=True):
            np.testing.assert_array_equal(one[0], other[0])
            np.testing.assert_array_equal(one[1], other[1])
        assert (report, labeled_report) == (expected[2], expected[5])
    assert len(expected[3][0]) == 21  # class a gave a picture to the test split, so this is another entry


@pytest.mark.parametrize("stream", [tf_data.stream, py_data.stream])
def test_batches_are_those_of_memory_wherever_they_begin(pictures, stream):
    images, labels = data.load_raw(pictures, image_size=8, labels=True)
    for source in (images, (images, labels)):
        in_memory = tuple(map(np.array, source)) if isinstance(source, tuple) else np.array(source)
        found, expected = (iter(stream(each, 4, shuffled(len(images), 3), 2)) for each in (source, in_memory))
        for _ in range(12):
            for one, other in zip(
                *(each if isinstance(each, tuple) else (each,) for each in (next(found), next(expected))), strict=True
            ):
                np.testing.assert_array_equal(one, other)


def test_each_picture_is_decoded_once_and_wherever_the_folder_moves(pictures, monkeypatch):
    expected = data.load_raw(pictures, image_size=8)
    monkeypatch.setattr(decoding, "read_picture", None)  # to call it fails
    np.testing.assert_array_equal(data.load_raw(pictures, image_size=8), expected)
    assert len(data.load_raw(pictures, "test", image_size=8)) == 2
    pictures.rename(pictures.parent / "elsewhere")
    np.testing.assert_array_equal(data.load_raw(pictures.parent / "elsewhere", image_size=8), expected)


@pytest.mark.filterwarnings("ignore:.* is making the same pictures")
def test_of_processes_that_start_together_one_decodes(pictures, cache, monkeypatch):
    """By threads, each with a lock of its own as processes have; both miss the entry before either makes it."""
    find, read, missed, decoded = picture_cache.find, decoding.read_picture, threading.Barrier(2), []
    first = threading.local()

    def found(folder):
        if not hasattr(first, "missed"):
            first.missed = missed.wait(10)
        return find(folder)

    monkeypatch.setattr(picture_cache, "find", found)
    monkeypatch.setattr(decoding, "read_picture", lambda *given: decoded.append(given) or read(*given))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: data.load_raw(pictures, image_size=8), range(2))
    np.testing.assert_array_equal(one, other)
    assert (len(decoded), len(list(cache.iterdir()))) == (24, 1)


def test_names_that_are_not_utf_8_are_names(pictures):
    expected = data.load_raw(pictures, image_size=8)
    for name in ("a/00.png", "b/23.png"):
        (pictures / name).rename(os.fsdecode(os.fsencode(pictures / name).replace(b".png", b"\xff.png")))
    np.testing.assert_array_equal(data.load_raw(pictures, image_size=8), expected)


def _change(pictures):
    Image.new("RGB", (8, 8), "red").save(pictures / "a/00.png")


def _touch(pictures):
    os.utime(pictures / "a/00.png", ns=(1, 1))


def _rename(pictures):
    (pictures / "a/00.png").rename(pictures / "a/000.png")


def _remove(pictures):
    (pictures / "a/00.png").unlink()


@pytest.mark.parametrize("how", [_change, _touch, _rename, _remove])
def test_pictures_that_changed_are_decoded_again(pictures, cache, how):
    data.load_raw(pictures, image_size=8)
    how(pictures)
    again = data.load_raw(pictures, image_size=8)
    assert len(list(cache.iterdir())) == 2
    assert (again[0] == [255, 0, 0]).all() == (how is _change)


def test_pictures_of_the_same_names_sizes_and_times_are_told_apart(tmp_path, cache):
    """As archives leave them whose files all have one time."""
    for folder, color in (("one", "red"), ("other", "blue")):
        (tmp_path / folder).mkdir()
        for k in range(10):
            path = tmp_path / folder / f"{k}.bmp"
            Image.new("RGB", (8, 8), color).save(path)
            os.utime(path, ns=(1, 1))
    one, other = (data.load_raw(tmp_path / folder, image_size=8) for folder in ("one", "other"))
    assert (one == [255, 0, 0]).all() and (other == [0, 0, 255]).all()


def test_each_file_is_opened_once_to_find_its_entry_and_what_fails_is_left_to_the_report(pictures, cache, monkeypatch):
    files, seen, told = sorted(pictures.rglob("*.png")), [], []

    def opened(file, mode, **how):
        if mode == "rb":
            seen.append(file)
        if file == files[3]:
            raise PermissionError(file)
        return open(file, mode, **how)

    def progress(items, total=None, desc=None):
        told.append((total, desc))
        return items

    monkeypatch.setattr(picture_cache, "open", opened, raising=False)
    images, _, report = data.load_splits(pictures, image_size=8, progress=progress)  # by Pillow, which can read it
    assert sorted(seen) == files and (len(files), "files looked at") in told
    assert len(images) == 22 and report.count == len(files)


def test_each_format_has_an_entry_of_its_own(pictures, cache):
    formats = [{}, {"resize": "pad"}, {"resize": "stretch"}, {"channels": 1}, {"image_size": (8, 9)}]
    shapes = [data.load_raw(pictures, **{"image_size": 8, **options}).shape for options in formats]
    assert shapes == [(22, 8, 8, 3)] * 3 + [(22, 8, 8, 1), (22, 8, 9, 3)]
    assert len(list(cache.iterdir())) == 5


def test_all_gray_pictures_keep_one_channel(tmp_path):
    (tmp_path / "gray").mkdir()
    for i in range(3):
        Image.fromarray(np.full((8, 8), i, np.uint8)).save(tmp_path / f"gray/{i}.png")
    assert data.load_raw(tmp_path / "gray", image_size=8)[:, 0, 0].tolist() == [[0], [1], [2]]


def _damage(**fields):
    def change(entry):
        about = json.loads((entry / "about.json").read_text())
        (entry / "about.json").write_text(json.dumps({**about, **fields}))

    return change


@pytest.mark.parametrize(
    "damage",
    [
        _damage(version=picture_cache._VERSION + 1),
        _damage(version=None),
        _damage(shape=[1]),
        _damage(shape="none"),
        _damage(labels=True),
        lambda entry: (entry / "about.json").write_text("{"),
        lambda entry: (entry / "about.json").unlink(),
        lambda entry: (entry / "pixels").write_bytes((entry / "pixels").read_bytes()[:-1]),
        lambda entry: (entry / "pixels").unlink(),
    ],
)
def test_an_entry_of_another_version_or_damaged_is_made_again_in_its_place(pictures, cache, damage):
    expected = np.array(data.load_raw(pictures, image_size=8))
    (entry,) = cache.iterdir()
    damage(entry)
    np.testing.assert_array_equal(data.load_raw(pictures, image_size=8), expected)
    assert list(cache.iterdir()) == [entry]
    assert json.loads((entry / "about.json").read_text())["version"] == picture_cache._VERSION


KILLED = """
import os, signal, sys
from wgan_keras.data import picture_arrays, picture_cache
from wgan_keras import data
picture_arrays.LEAST = 0
folder, when = sys.argv[1:]

def kill(*args):
    os.kill(os.getpid(), signal.SIGKILL)

def progress(items, total=None, desc=None):
    for i, item in enumerate(items):
        if " into " in desc and str(i) == when:
            kill()
        yield item

if when == "written":
    picture_cache.json.dumps = kill
if when == "moving":
    picture_cache.os.replace = kill
data.load_splits(folder, image_size=8, progress=progress)
"""


@pytest.mark.parametrize("when", ["0", "13", "written", "moving"])
def test_a_kill_leaves_nothing_that_is_taken_for_whole(pictures, cache, when):
    done = subprocess.run([sys.executable, "-c", KILLED, pictures, when], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert all(left.name.startswith(".") for left in cache.iterdir())
    assert data.load_raw(pictures, image_size=8).shape == (22, 8, 8, 3)
    (entry,) = cache.iterdir()
    assert not entry.name.startswith(".")


def test_a_full_disk_is_told_before_anything_is_written(pictures, cache, monkeypatch):
    data.load_raw(pictures, image_size=16)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: type("Usage", (), {"free": 100}))
    message = r"take 4.5 KiB in .*/images, and 100 bytes are free there; sets made earlier take 18 KiB.*XDG_CACHE_HOME"
    with pytest.raises(NotWrittenError, match=message):
        data.load_raw(pictures, image_size=8)
    assert len(list(cache.iterdir())) == 1


def test_a_disk_that_fills_in_the_middle_leaves_nothing(pictures, cache):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, limits[1]))
    try:
        with pytest.raises(
            NotWrittenError, match=r"could not be written .*too large.* 4.5 KiB there, and what was begun is"
        ):
            data.load_raw(pictures, image_size=8)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_one_error(pictures, cache):
    cache.parent.parent.write_text("a file")
    with pytest.raises(NotWrittenError, match=r"could not be written to .*images"):
        data.load_raw(pictures, image_size=8)


def test_pictures_that_cannot_be_read_are_named_and_nothing_is_kept(pictures, cache):
    (pictures / "b/10.png").write_bytes((pictures / "b/10.png").read_bytes()[:-300])  # its beginning can be read
    with pytest.raises(ValueError, match=r"1 of 24 pictures .* cannot be read: .*b/10\.png \(OSError"):
        data.load_raw(pictures, image_size=8)
    (pictures / "b/11.png").write_bytes(b"")
    with pytest.raises(ValueError, match=r"2 of 24 pictures .* cannot be read: .*10\.png .*; .*11\.png"):
        data.load_raw(pictures, image_size=8)
    assert not cache.exists() or list(cache.iterdir()) == []


def test_the_bar_tells_the_size_and_the_place_first(pictures, cache):
    told = []

    def progress(items, total=None, desc=None):
        told.append((total, desc, cache.exists() and sum(path.stat().st_size for path in cache.rglob("pixels"))))
        return items

    data.load_splits(pictures, image_size=8, progress=progress)
    assert told[-1] == (24, f"4.5 KiB into {cache}", 0)
    data.load_splits(pictures, image_size=8, progress=progress)
    assert [desc for _, desc, _ in told[-3:]] == [f"4.5 KiB into {cache}", "files seen", "files looked at"]
