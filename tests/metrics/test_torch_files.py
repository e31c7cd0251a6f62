"""PyTorch's checkpoints, which version 2.13 wrote: tests/fixtures/torch says how."""

import contextlib
import os
import pathlib
import pickle
import zipfile

import numpy as np
import pytest

from wgan_keras.metrics.torch_files import read_checkpoint

FIXTURES = pathlib.Path(__file__).parents[1] / "fixtures/torch"


@pytest.mark.parametrize("form", ["zip", "legacy"])
def test_tensors_of_every_layout_are_read(form):
    arrays = read_checkpoint(FIXTURES / f"{form}.pth")
    expected = {
        "0.weight": np.arange(12).reshape(3, 2, 1, 2) / 4,
        "0.bias": np.arange(3) / 4 + 1,
        "1.weight": np.arange(3) / 4 + 2,
        "1.bias": np.arange(3) / 4 + 3,
        "1.running_mean": np.zeros(3),
        "1.running_var": np.ones(3),
        "1.num_batches_tracked": np.array(0),
        "turned": np.arange(6).reshape(2, 3).T,  # a view of its storage
        "part": np.array([3, 4]),  # of ten
    }
    assert list(arrays) == list(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(arrays[name], array)
    dtypes = {name: array.dtype.name for name, array in arrays.items()}
    assert dtypes["0.weight"] == "float32" and dtypes["turned"] == "float64" and dtypes["part"] == "int64"


@pytest.mark.parametrize("form", ["zip", "legacy"])
def test_a_cut_file_is_refused(form, tmp_path):
    whole = (FIXTURES / f"{form}.pth").read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 9):
        (tmp_path / "cut.pth").write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"cut\.pth is no checkpoint of tensors by PyTorch"):
            read_checkpoint(tmp_path / "cut.pth")


def test_a_zip_of_changed_bytes_is_refused(tmp_path):
    path, compressed = tmp_path / "changed.pth", tmp_path / "compressed.pth"
    with zipfile.ZipFile(FIXTURES / "zip.pth") as whole:
        with zipfile.ZipFile(compressed, "w", zipfile.ZIP_DEFLATED) as other:
            for name in whole.namelist():
                other.writestr(name, whole.read(name))
        offsets = [entry.header_offset + 80 for entry in whole.infolist() if "/data/" in entry.filename]
    contents = [(FIXTURES / "zip.pth").read_bytes()] * len(offsets) + [compressed.read_bytes()] * 8
    for content, place in zip(contents, offsets + [45 + 5 * i for i in range(8)], strict=True):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with contextlib.suppress(ValueError):  # of what does not matter, as a date
            read_checkpoint(path)


class Harmful:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def test_no_code_of_a_file_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "harmful.pth").write_bytes(pickle.dumps(Harmful()))
    with pytest.raises(ValueError, match=r"it asks for (posix|nt)\.mkdir"):
        read_checkpoint(tmp_path / "harmful.pth")
    assert not (tmp_path / "harm").exists()
