"""Image sets of tensorflow-datasets by their names there, on small sets written by its own writer."""

import json

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import data, training
from wgan_keras.cli import app
from wgan_keras.data import picture_arrays

NAMES = ["cat", "dog", "fox"]
PICTURES = [np.random.default_rng(k).integers(0, 256, (9 + k % 5, 12, 3), np.uint8) for k in range(25)]


def write(root, name, splits, features=None, **options):
    """A set of tensorflow-datasets; examples are {feature: value}."""
    image = tfds.features.Image(shape=(None, None, 3))
    features = features or {"image": image, "label": tfds.features.ClassLabel(names=NAMES)}
    tfds.dataset_builders.store_as_tfds_dataset(
        name=name,
        version="1.2.0",
        features=tfds.features.FeaturesDict(features),
        split_datasets={split: list(enumerate(examples)) for split, examples in splits.items()},
        data_dir=root,
        disable_shuffling=True,
        **options,
    )


def examples(start=0, stop=25):
    return [{"image": PICTURES[k], "label": k % 3} for k in range(start, stop)]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("tfds")
    write(root, "beasts", {"train": examples()}, config="small")
    write(root, "beasts_of_three", {"train": examples(0, 20), "validation": examples(20, 22), "test": examples(22)})
    gray = tfds.features.Image(shape=(8, 8, 1))
    write(root, "gray", {"train": [{"picture": np.full((8, 8, 1), k, np.uint8)} for k in range(12)]}, {"picture": gray})
    return root


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/wgan_keras/images"


@pytest.mark.parametrize("least", [0, 2**40])
def test_the_same_pictures_in_a_folder_give_the_same_images_and_splits(root, tmp_path, monkeypatch, least):
    monkeypatch.setattr(picture_arrays, "LEAST", least)
    (tmp_path / "folder").mkdir()
    for k, pixels in enumerate(PICTURES):
        Image.fromarray(pixels).save(tmp_path / f"folder/{k:02}.png")
    options = {"image_size": (8, 10), "resize": "pad"}
    for split, rows in (("train", [k for k in range(25) if k not in (9, 19)]), ("test", [9, 19])):
        expected = data.load_raw(tmp_path / "folder", split, **options)
        images, labels = data.load_raw("tfds:beasts/small", split, root, labels=True, **options)
        np.testing.assert_array_equal(images, expected)
        assert labels.dtype == np.int64 and labels.tolist() == [k % 3 for k in rows]
        np.testing.assert_array_equal(data.load_raw("tfds:beasts/small", split, root, **options), expected)
        np.testing.assert_array_equal(data.load_labels("tfds:beasts/small", split, root), labels)


def test_the_sets_own_test_split_goes_before_its_validation_split(root):
    train, test, report = data.load_splits("tfds:beasts_of_three", root, image_size=8)
    assert (len(train), len(test), report) == (20, 3, None)


def test_a_validation_split_serves_as_test_split(tmp_path):
    write(tmp_path, "pair", {"train": examples(0, 12), "validation": examples(20, 22)})
    train, test, _ = data.load_splits("tfds:pair", tmp_path, image_size=8, labels=True)
    assert (len(train[0]), test[1].tolist()) == (12, [20 % 3, 21 % 3])


def test_a_picture_that_cannot_be_read_is_named(root, monkeypatch):
    encoded = data.prepared.encoded
    monkeypatch.setattr(data.prepared, "encoded", lambda *given: (each[:-40] for each in encoded(*given)))
    with pytest.raises(
        ValueError, match=r"23 pictures in .* cannot be read, the first are: example 0 of train \(OSError"
    ):
        data.load_raw("tfds:beasts", "train", root, 8)


def test_a_second_look_decodes_nothing(root, cache, monkeypatch):
    monkeypatch.setattr(picture_arrays, "LEAST", 0)
    first = data.load_raw("tfds:beasts/small", "train", root, 8, labels=True)
    monkeypatch.setattr("wgan_keras.data.prepared.encoded", None)  # to call them fails
    monkeypatch.setattr("wgan_keras.data.prepared.read", None)
    again = data.load_raw("tfds:beasts/small", "train", root, 8, labels=True)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    (entry,) = cache.iterdir()
    assert json.loads((entry / "about.json").read_text())["made_of"] == str(root / "beasts/small/1.2.0")


def test_gray_sets_stay_gray_and_the_one_image_may_have_any_name(root):
    images = data.load_raw("tfds:gray", "train", root, 8)
    assert images.shape == (11, 8, 8, 1) and images[-1].max() == 11
    assert data.load_raw("tfds:gray", "test", root, 8, channels=3).tolist() == np.full((1, 8, 8, 3), 9).tolist()
    with pytest.raises(
        ValueError, match=r"'tfds:gray' has no labels; .* and sets of tensorflow-datasets that have them"
    ):
        data.load_raw("tfds:gray", "train", root, 8, labels=True)


def test_where_it_lies_and_what_its_classes_are(root, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(root))
    folder = root / "beasts/small/1.2.0"
    assert data.locate("tfds:beasts/small") == data.locate("tfds:beasts") == ("prepared", folder)  # by default
    assert data.class_names("tfds:beasts") == data.class_names("tfds:beasts", root) == tuple(NAMES)
    assert data.provenance("tfds:beasts")["source"] == "an image set of tensorflow-datasets"
    assert len(data.load("tfds:beasts", image_size=4)) == 23
    monkeypatch.delenv("TFDS_DATA_DIR")
    told = CliRunner().invoke(app, ["data", "tfds:beasts", "--data-dir", str(root)]).output.splitlines()
    assert (told[0], told[2].split()) == (
        f"tfds:beasts: prepared by tensorflow-datasets in {folder}",
        ["0", "cat", "8", "1"],
    )


def test_what_is_no_such_set_is_one_error(root, tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("wgan_keras.data.tfds.reachable", lambda url: False)
    for name in ("tfds:", "tfds:a/b/c", "tfds:../x", "tfds:huggingface:x"):
        with pytest.raises(ValueError, match=r"names no set; expected tfds:NAME or tfds:NAME/CONFIG"):
            data.load_raw(name, image_size=8)
    with pytest.raises(FileNotFoundError, match=r"has no beasts/large; expected beasts/large/<version>/dataset_info"):
        data.load_raw("tfds:beasts/large", "train", root, 8)
    with pytest.raises(
        ConnectionError, match=r"lsun/bedroom is not on this machine .* without a network use data_dir="
    ):
        data.load_raw("tfds:lsun/bedroom", image_size=8)
    with pytest.raises(ValueError, match="no image_size for the pictures of 'tfds:beasts'; expected the side"):
        data.load_raw("tfds:beasts", "train", root)


def test_a_set_of_other_images_says_what_it_has(tmp_path):
    image = {"image": tfds.features.Image(shape=(4, 4, 1), dtype=np.float32)}
    write(tmp_path, "floats", {"train": [{"image": np.zeros((4, 4, 1), np.float32)}]}, image)
    with pytest.raises(ValueError, match=r"has the features image \(Image\); expected one Image of uint8"):
        data.load_raw("tfds:floats", "train", tmp_path, 4)
    write(tmp_path, "untrained", {"test": examples(0, 2)})
    with pytest.raises(ValueError, match="has no split 'train'; it has test"):
        data.load_raw("tfds:untrained", "train", tmp_path, 4)


def test_the_command_makes_a_recipe_of_them_with_labels(root, monkeypatch):
    given = []

    def start(recipe, out, data_dir, epoch_iterations, weights, splits, on_devices, tensorboard):
        given.append((recipe, splits))
        raise OSError("enough")

    monkeypatch.setattr(training, "start", start)
    monkeypatch.setattr(picture_arrays, "LEAST", 0)
    options = f"--data tfds:beasts --data-dir {root} --image-size 10x8 --labels --network mlp --channels 1"
    assert CliRunner().invoke(app, ["train", *options.split()]).output.endswith("wgan-keras: enough\n")
    ((recipe, (train, test)),) = given
    assert recipe.data == {"name": "tfds:beasts", "image_size": (8, 10), "channels": 1}
    assert (recipe.generator["output_shape"], recipe.game["class_names"]) == ([8, 10, 1], NAMES)
    assert (train[0].shape, test[1].tolist()) == ((23, 8, 10, 1), [9 % 3, 19 % 3])
