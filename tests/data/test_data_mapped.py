"""Arrays mapped from files: a pass leaves little in memory, what was changed stays; and the checksum of any array."""

import hashlib
import re
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from wgan_keras import data
from wgan_keras.backend import py_data, tf_data
from wgan_keras.data import decoding, picture_cache
from wgan_keras.pipelines.shuffling import shuffled
from wgan_keras.runtime import memory


def resident(path):
    """KiB that this process has in memory of a mapped file."""
    maps = Path("/proc/self/smaps").read_text()
    found = re.findall(rf"^[0-9a-f]+-\S+ .*{re.escape(str(path))}\n(?:.*\n)*?Rss: +(\d+) kB", maps, re.M)
    return sum(map(int, found))


@pytest.fixture
def large(tmp_path):
    """32 MiB of images as an entry has them."""
    rows = (np.full((64, 64, 1), k % 251, np.uint8) for k in range(8192))
    return picture_cache.make(tmp_path / "entry", (8192, 64, 64, 1), rows, progress=decoding.silent).images


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="looks at Linux's account of its memory")
@pytest.mark.parametrize("stream", [tf_data.stream, py_data.stream])
def test_a_pass_over_all_leaves_little_in_memory(large, tmp_path, stream):
    pixels = tmp_path / "entry/pixels"
    assert large.sum() and resident(pixels) > 30_000  # what is looked at otherwise stays
    data.sha256(large)
    assert resident(pixels) == 0
    batches, most = iter(stream(large, 128, shuffled(8192, 0))), 0
    for k in range(64):
        next(batches)
        most = max(most, resident(pixels)) if k % 21 == 0 else most
    assert most < 20_000


def test_release_leaves_arrays_in_memory_alone():
    array = np.arange(10)
    for each in (array, array[2:], "no array"):
        memory.release(each)
    assert array.tolist() == list(range(10))


def test_what_was_changed_of_a_map_stays_changed(tmp_path):
    """Of a copy-on-write map that is nowhere but in this process."""
    images = np.random.default_rng(0).integers(0, 251, (64, 8, 8, 1), np.uint8)
    np.save(tmp_path / "images.npy", images)
    for mode in ("c", "r+"):
        mapped = np.load(tmp_path / "images.npy", mmap_mode=mode)
        mapped += 4
        expected = np.array(mapped)
        data.sha256(mapped)
        for stream in (tf_data.stream, py_data.stream):
            next(iter(stream(np.asarray(mapped), 64, shuffled(64, 0))))
        np.testing.assert_array_equal(mapped, expected)


def test_the_checksum_is_that_of_all_bytes_in_order(monkeypatch):
    arrays = [np.random.default_rng(0).integers(0, 256, (37, 5, 3), np.uint8), np.arange(11), np.zeros((0, 3))]
    arrays += [np.zeros((3, 0)), np.arange(6, dtype=">f4").reshape(3, 2), np.arange(5, dtype=ml_dtypes.bfloat16)]
    expected = data.sha256(*arrays)
    monkeypatch.setattr("wgan_keras.data.arrays._AT_ONCE", 64)
    assert data.sha256(*arrays) == data.sha256(np.asfortranarray(arrays[0]), *arrays[1:]) == expected
    assert expected == hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()
