"""`wgan-keras data`: its words and exit statuses."""

import os
import pathlib
import sys

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras.cli import app
from wgan_keras.data import DATASETS, DataSet, Location, fashion_mnist, tfds

FASHION_MNIST = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine with no data and no network."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    monkeypatch.setattr(fashion_mnist, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(tfds, "reachable", lambda url: False)


def run(*arguments):
    result = CliRunner().invoke(app, ["data", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_name_that_is_not_utf_8_is_shown_by_its_bytes(tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / os.fsdecode(b"\xff.png")).touch()
    status, out = run(tmp_path)
    assert (status, r"unreadable: \udcff.png" in out) == (1, True), out


def test_it_says_where_data_lies(bare):
    found = run("fashion_mnist", "--data-dir", FASHION_MNIST)
    assert found[0] == 0 and found[1].startswith(f"fashion_mnist: IDX files in {FASHION_MNIST}\n")
    assert run("fashion_mnist") == (1, "fashion_mnist: not on this machine\n")
    assert run("swiss_roll") == (0, "swiss_roll: made on the spot\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fashon_mnist"], "unknown data 'fashon_mnist' (did you mean 'fashion_mnist'"),
        (["./nowhere"], "no folder nowhere"),
        (["fashion_mnist", "--data-dir", "nowhere"], "nowhere"),
        (["swiss_roll", "--data-dir", "."], "is for fashion_mnist"),
        ([], "Missing argument"),
    ],
)
def test_what_means_nothing_has_a_status_of_its_own(bare, arguments, message):
    status, out = run(*arguments)
    assert (status, out.count("\n"), message in out) == (2, 1, True), out


def test_without_tensorflow_datasets_it_says_what_to_do(bare, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    monkeypatch.setattr(tfds, "reachable", lambda url: True)
    status, out = run("cifar10", "--download")
    assert status == 1 and "data_dir= a folder" in out and "cifar10: not on this machine" in out


def test_it_counts_the_images_of_every_class(bare):
    status, out = run("fashion_mnist", "--data-dir", FASHION_MNIST)
    rows = out.splitlines()[1:]
    assert (status, rows[0].split()) == (0, ["class", "train", "test"])
    assert rows[1].split() == ["0", "T-shirt", "150", "56"]
    assert (rows[10].split(), len(rows)) == (["9", "Ankle", "boot", "150", "48"], 11)
    out = run("stacked_fashion_mnist", "--data-dir", FASHION_MNIST)[1]
    assert out.splitlines()[1].startswith("1000 classes of ") and out.count("\n") == 2


def test_it_counts_the_classes_that_a_set_finds_for_itself(bare, monkeypatch, tmp_path):
    class Own(DataSet):
        takes_data_dir = True

        def find(self, data_dir=None):
            return Location("csv", data_dir)

        def read(self, location, split, image_size=None):
            return np.zeros((3, 2), "float32")

        def read_labels(self, location, split):
            return np.array([0, 1, 1])

        def class_names(self):
            return "cat", "dog"

    monkeypatch.setattr(DATASETS, "_registered", {**DATASETS, "own": Own})
    status, out = run("own", "--data-dir", tmp_path)
    assert (status, out.splitlines()[0]) == (0, f"own: csv in {tmp_path}")
    assert [row.split() for row in out.splitlines()[2:]] == [["0", "cat", "1", "1"], ["1", "dog", "2", "2"]]


def test_labels_that_cannot_be_read_are_told(bare, tmp_path):
    for name in ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"):
        (tmp_path / name).write_bytes((FASHION_MNIST / name).read_bytes())
    status, out = run("fashion_mnist", "--data-dir", tmp_path)
    assert status == 1 and f"no file {tmp_path}/train-labels-idx1-ubyte.gz" in out


def test_it_counts_the_classes_of_a_folder(tmp_path):
    for name in ("cat/1", "dog/1", "dog/2"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(np.zeros((3, 5), np.uint8)).save(tmp_path / f"{name}.png")
    status, out = run(tmp_path)
    assert status == 0 and "2 classes: cat 1, dog 2" in out


def test_it_checks_a_folder(tmp_path):
    Image.fromarray(np.zeros((3, 5), np.uint8)).save(tmp_path / "a.png")
    status, out = run(tmp_path)
    assert status == 0 and "1 pictures, 0 unreadable" in out and "5x3 to 5x3" in out
    (tmp_path / "b.png").write_bytes(b"")
    assert run(tmp_path)[0] == 1
    (tmp_path / "a.png").unlink()
    status, out = run(tmp_path)
    assert status == 1 and "1 of 1 pictures" in out
