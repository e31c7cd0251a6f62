"""IDX files, read as the bytes say."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest
from keras import ops

from wgan_keras import data
from wgan_keras.pipelines.pixels import from_bytes, to_bytes

FASHION_MNIST = Path(__file__).parent / "fashion_mnist"


def test_pixels_are_the_bytes_of_the_file():
    content = gzip.decompress((FASHION_MNIST / "train-images-idx3-ubyte.gz").read_bytes())
    images = data.load_raw("fashion_mnist", "train", FASHION_MNIST)
    assert images.shape == (1536, 28, 28, 1)
    for number, row, column in [(0, 14, 14), (7, 3, 20), (1535, 27, 9)]:
        assert images[number, row, column, 0] == content[16 + number * 784 + row * 28 + column]
    assert images.sum() == np.frombuffer(content[16:], np.uint8).sum()


def test_labels_are_those_of_fashion_mnist():
    # The first labels of the published files: an ankle boot (9), two tops (0, 0), a dress (3), ...
    train = data.load_labels("fashion_mnist", "train", FASHION_MNIST)
    test = data.load_labels("fashion_mnist", "test", FASHION_MNIST)
    assert train[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert test[:10].tolist() == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
    assert (len(train), len(test), train.dtype) == (1536, 512, np.int64)


def test_mnist_reads_the_same_format():
    assert data.load_raw("mnist", "test", FASHION_MNIST).shape == (512, 28, 28, 1)


def test_scale_is_exact_at_every_gray_level():
    scaled = data.scale(np.arange(256, dtype=np.uint8))
    assert scaled.dtype == np.float32
    assert (scaled[0], scaled[255]) == (-1.0, 1.0)
    np.testing.assert_allclose(scaled, np.arange(256) / 127.5 - 1, atol=1e-7)
    np.testing.assert_array_equal(np.rint((scaled + 1) * 127.5), np.arange(256))  # and so it can be undone


@pytest.mark.parametrize("black", [-1.0, 0.0])
def test_bytes_of_every_framework_are_scaled_to_the_same_bits(black):
    levels = np.arange(256, dtype=np.float32)
    images = levels / np.float32(255 / (1 - black)) + np.float32(black)
    for kind in (np.array, ops.convert_to_tensor):
        np.testing.assert_array_equal(np.asarray(from_bytes(kind(levels), black)), images)
        np.testing.assert_array_equal(np.rint(np.asarray(to_bytes(kind(images), black))), levels)


def test_load_arrays_scales_and_orders_train_by_seed():
    stored = data.load_arrays("fashion_mnist", "train", FASHION_MNIST)
    np.testing.assert_array_equal(stored, data.scale(data.load_raw("fashion_mnist", "train", FASHION_MNIST)))
    assert (stored.dtype, stored.min(), stored.max()) == (np.float32, -1.0, 1.0)
    once, again, other = (data.load_arrays("fashion_mnist", "train", FASHION_MNIST, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, other)
    np.testing.assert_array_equal(np.sort(once.sum((1, 2, 3))), np.sort(stored.sum((1, 2, 3))))
    test = data.load_arrays("fashion_mnist", "test", FASHION_MNIST)
    np.testing.assert_array_equal(data.load_arrays("fashion_mnist", "test", FASHION_MNIST, seed=1), test)


def write(path, content):
    path.write_bytes(gzip.compress(content))


@pytest.fixture
def folder(tmp_path):
    for file in FASHION_MNIST.glob("*.gz"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_a_truncated_file_is_named(folder):
    file = folder / "train-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz is damaged or cut short"):
        data.load("fashion_mnist", data_dir=folder)


@pytest.mark.parametrize("position", [12, 300_000, -6])  # header, deflated data, checksum
def test_a_damaged_file_is_named(folder, position):
    file = folder / "train-images-idx3-ubyte.gz"
    content = bytearray(file.read_bytes())
    content[position] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz is damaged or cut short"):
        data.load_raw("fashion_mnist", data_dir=folder)


def test_fewer_values_than_the_header_says(folder):
    content = gzip.decompress((folder / "train-images-idx3-ubyte.gz").read_bytes())
    write(folder / "train-images-idx3-ubyte.gz", content[:-784])
    with pytest.raises(ValueError, match=r"holds 1203440 values, its header says 1204224 \(shape \(1536,"):
        data.load_raw("fashion_mnist", data_dir=folder)


@pytest.mark.parametrize("content", [b"", b"\0\0\x08\1\0\0\0\0", b"<html>not here</html>"])
def test_not_an_idx_file_of_images(folder, content):
    write(folder / "train-images-idx3-ubyte.gz", content)
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz is not an IDX .* expected 0x00000803"):
        data.load_raw("fashion_mnist", data_dir=folder)


def test_a_missing_file_is_named(folder):
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"t10k-labels-idx1-ubyte.gz"):
        data.load_labels("fashion_mnist", "test", folder)
