"""Names, and where their data is looked for."""

import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from wgan_keras import data
from wgan_keras.data import arrays, fashion_mnist, tfds

FASHION_MNIST = Path(__file__).parent / "fashion_mnist"


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine with no data and no network; returns the folder that tensorflow-datasets would use."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    monkeypatch.setattr(fashion_mnist, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(tfds, "reachable", lambda url: False)
    return tmp_path / "tfds"


def prepare(root, name, version):
    folder = root / name / version
    folder.mkdir(parents=True)
    (folder / "dataset_info.json").write_text("{}")
    return folder


@pytest.mark.parametrize(
    "name, near",
    [
        ("fashon_mnist", "fashion_mnist"),
        ("Fashion-MNIST", "fashion_mnist"),
        ("cifar", "cifar10"),
        ("8_gaussians", "eight_gaussians"),
        ("25_gaussians", ".*' or 'twenty_five_gaussians"),
        ("swissroll", "swiss_roll"),
    ],
)
def test_an_unknown_name_gets_near_matches_and_all_names(name, near):
    with pytest.raises(ValueError, match=f"unknown data '{name}' .did you mean '{near}'") as error:
        data.load(name)
    assert all(known in str(error.value) for known in data.DATASETS)


def test_a_name_like_nothing_gets_all_names():
    with pytest.raises(ValueError, match="unknown data 'xyzzy'; expected one of fashion_mnist, mnist, "):
        data.load("xyzzy")


def test_a_missing_folder_is_no_unknown_name(tmp_path):
    for path in (tmp_path / "missing", str(tmp_path / "missing"), "./missing"):
        with pytest.raises(FileNotFoundError, match=r"no folder .*missing"):
            data.load(path)
    with pytest.raises(FileNotFoundError, match="is a file; expected a folder"):
        data.load(__file__)


def test_a_mistyped_folder_gets_the_one_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pics").mkdir()
    for error, path in ((ValueError, "picz"), (FileNotFoundError, "./Picz"), (FileNotFoundError, tmp_path / "picz")):
        with pytest.raises(error, match=r"icz'? \(did you mean 'pics'\?\)"):
            data.load(path)


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="split='validation'; expected 'train' or 'test'"):
        data.load("swiss_roll", "validation")
    with pytest.raises(ValueError, match="image_size=32 is for folders of pictures"):
        data.load("fashion_mnist", data_dir=FASHION_MNIST, image_size=32)
    with pytest.raises(
        ValueError,
        match="data_dir='here' is for fashion_mnist, mnist, cifar10, emoji, emoji_families, avatars, stacked_fashion",
    ):
        data.load("swiss_roll", data_dir="here")
    with pytest.raises(ValueError, match="'swiss_roll' has no labels"):
        data.load_labels("swiss_roll")
    with pytest.raises(ValueError, match="unknown data ''"):
        data.load("")


def test_lookup_order(bare):
    assert data.locate("fashion_mnist") is None
    (bare.parent / "debian").mkdir()
    (bare.parent / "debian" / "train-images-idx3-ubyte.gz").write_bytes(b"")
    assert data.locate("fashion_mnist") == ("idx", bare.parent / "debian")
    assert data.locate("mnist") is None  # those files are not MNIST
    prepare(bare, "fashion_mnist", "3.0.1")
    newest = prepare(bare, "fashion_mnist", "3.0.10")
    prepare(bare, "fashion_mnist", "incomplete.XYZ_3.0.11")
    assert data.locate("fashion_mnist") == ("prepared", newest)
    assert data.locate("fashion_mnist", FASHION_MNIST) == ("idx", FASHION_MNIST)
    assert data.locate("fashion_mnist", str(bare)) == ("prepared", newest)


def test_a_data_dir_without_the_set(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no mnist; expected train-images-idx3-ubyte.gz .*or mnist/"):
        data.load("mnist", data_dir=tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no cifar10; expected cifar10/<version>/dataset_info.json"):
        data.load("cifar10", data_dir=FASHION_MNIST)


@pytest.mark.parametrize(
    "name, remedy",
    [
        ("fashion_mnist", "apt-get install dataset-fashion-mnist.*data_dir="),
        ("mnist", "data_dir="),
        ("cifar10", "data_dir="),
    ],
)
def test_no_data_and_no_network_says_what_to_do(bare, name, remedy):
    for load in (data.load, data.load_labels):
        with pytest.raises(ConnectionError, match=f"{name} is not on this machine .* downloaded.*{remedy}"):
            load(name)


def test_a_download_goes_where_locate_looks(bare, monkeypatch):
    """tensorflow-datasets prepares a set below TFDS_DATA_DIR; here a stand-in does."""
    folder = bare / "cifar10/3.0.2"
    builder = types.SimpleNamespace(
        download_and_prepare=lambda: prepare(bare, "cifar10", "3.0.2"), data_dir=str(folder)
    )

    monkeypatch.setitem(sys.modules, "tensorflow_datasets", types.SimpleNamespace(builder=lambda name: builder))
    monkeypatch.setattr(tfds, "reachable", lambda url: True)
    asked, images = [], np.arange(12, dtype=np.uint8).reshape(1, 2, 2, 3)
    monkeypatch.setattr(tfds.prepared, "read", lambda *what: asked.append(what) or images)
    assert data.locate("cifar10") is None
    np.testing.assert_array_equal(arrays.load_raw("cifar10", "test"), images)
    assert asked == [(folder, "test", "image")]
    assert data.locate("cifar10") == ("prepared", folder)


def test_nothing_answers_at_a_closed_port():
    assert not tfds.reachable("http://127.0.0.1:9/", timeout=2.0)


def test_arrays_need_no_tensorflow(tmp_path):
    from PIL import Image

    Image.new("RGB", (4, 4), "red").save(tmp_path / "a.png")
    script = f"""
import sys
for framework in ("tensorflow", "tensorflow_datasets", "keras", "jax", "torch"):
    sys.modules[framework] = None  # importing it fails
from wgan_keras import data
print(data.load_arrays("fashion_mnist", "test", {str(FASHION_MNIST)!r}).shape,
      data.load_arrays("swiss_roll").shape,
      data.load_arrays({str(tmp_path)!r}, image_size=4)[0, 0, 0])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "(512, 28, 28, 1) (100000, 2) [ 1. -1. -1.]\n", done.stderr


@pytest.mark.needs_fashion_mnist
def test_the_sample_is_the_beginning_of_the_whole_set():
    for split, n in (("train", 1536), ("test", 512)):
        whole = data.load_raw("fashion_mnist", split)
        assert len(whole) == {"train": 60_000, "test": 10_000}[split]
        np.testing.assert_array_equal(whole[:n], data.load_raw("fashion_mnist", split, FASHION_MNIST))


class Corners(data.DataSet):
    source = "a square"
    classes = ("left", "right")

    def read(self, location, split, image_size=None):
        return np.array([[-1.0, -1], [1, -1], [-1, 1], [1, 1]], "float32")[:: 1 if split == "train" else 2]

    def read_labels(self, location, split):
        return (self.read(location, split)[:, 0] > 0).astype("int64")


def test_a_set_of_ones_own_is_located_loaded_and_labeled(monkeypatch):
    monkeypatch.setattr(data.DATASETS, "_registered", dict(data.DATASETS))
    data.register_data("corners")(Corners)
    assert data.locate("corners") == ("toy", None)
    assert data.load_arrays("corners").shape == (4, 2) and len(data.load_raw("corners", "test")) == 2
    np.testing.assert_array_equal(data.load_labels("corners"), [0, 1, 0, 1])
    assert data.provenance("corners") == {"name": "corners", "source": "a square", "license": "not known"}
    assert data.provenance("edges")["source"].startswith("not known here")  # in a process that did not register it
    folders = [data.provenance(name)["source"] for name in ("./corners", "~/edges", "my/edges", "/edges")]
    assert folders == 4 * ["a folder of pictures of the user's own"]
    assert len(list(data.load("corners", "test"))) == 2
    series = np.linspace(-3, 3, 24, dtype="float32").reshape(4, 3, 2)
    data.register_data("series")(type("Series", (Corners,), {"read": lambda *_: series}))
    np.testing.assert_array_equal(data.load_arrays("series"), series)
    with pytest.raises(TypeError, match="expected a subclass of"):
        data.register_data("nothing")(np.zeros)


def test_a_set_of_ones_own_that_lacks_a_method_is_told_what_to_write(monkeypatch):
    monkeypatch.setattr(data.DATASETS, "_registered", dict(data.DATASETS))
    with pytest.raises(
        TypeError, match=r"Bare has no read\. Write read\(self, location, split, image_size=None\), which"
    ):
        data.register_data("bare")(type("Bare", (data.DataSet,), {}))
    own = {"read": Corners.read, "classes": ("a", "b"), "attributes": {"side": ("left", "right")}}
    data.register_data("bare")(type("Bare", (data.DataSet,), own))
    with pytest.raises(
        NotImplementedError, match=r"Bare has no read_labels\. Write read_labels\(self, location, split\)"
    ):
        data.load_raw("bare", labels=True)
    with pytest.raises(NotImplementedError, match=r"Bare has no read_attribute\. Write read_attribute\(self, location"):
        data.load_attribute("bare", "side")


def test_a_location_may_be_of_ones_own_kind():
    assert str(data.Location("csv", "/data/points.csv")) == "csv in /data/points.csv"


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize(
    ("made", "what"),
    [
        ([[-1.0, -1]] * 4, r"\[\[-1.0, -1\]"),
        (None, "None"),
        ((np.zeros((4, 2)), np.zeros(4)), r"\(array"),
        (np.zeros(4), r"array\(\[0"),
        (np.zeros((4, 2)), r"an array float64 \(4, 2\)"),
        (np.zeros((4, 8, 8, 1), "float32"), r"an array float32 \(4, 8, 8, 1\)"),
    ],
    ids=["list", "nothing", "pair", "numbers", "double", "floats"],
)
def test_a_set_of_ones_own_that_reads_something_else_is_named(monkeypatch, made, what, labels):
    wrong = type("Wrong", (Corners,), {"read": lambda *_: made, "read_labels": lambda *_: np.arange(4) % 2})
    monkeypatch.setattr(data.DATASETS, "_registered", dict(data.DATASETS))
    data.register_data("wrong")(wrong)
    with pytest.raises(
        TypeError, match=f"Wrong gave {what}.* for the images of the train split of wrong; expected an arr"
    ):
        data.load_splits("wrong", labels=labels)


def test_labels_of_ones_own_that_are_no_array_are_named(monkeypatch):
    wrong = type("Wrong", (Corners,), {"read_labels": lambda *_: [0, 1, 0, 1]})
    monkeypatch.setattr(data.DATASETS, "_registered", dict(data.DATASETS))
    data.register_data("wrong")(wrong)
    for load in (data.load_labels, lambda name: data.load_raw(name, labels=True)):
        with pytest.raises(
            TypeError, match=r"'wrong' has the labels \[0, 1, 0, 1\]; expected an array of whole numbers"
        ):
            load("wrong")
