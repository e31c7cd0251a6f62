"""Data prepared by tensorflow-datasets, read from the disk with no network."""

import numpy as np
import pytest
import tensorflow_datasets as tfds

from wgan_keras import data

IMAGES = np.random.default_rng(0).integers(0, 256, (60, 32, 32, 3), np.uint8)
LABELS = np.arange(60) % 10


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A small cifar10 in tensorflow-datasets' own format."""
    root = tmp_path_factory.mktemp("tfds")
    examples = [(key, {"image": IMAGES[key], "label": LABELS[key]}) for key in range(60)]
    tfds.dataset_builders.store_as_tfds_dataset(
        name="cifar10",
        version="3.0.2",
        features=tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=(32, 32, 3)),
                "label": tfds.features.ClassLabel(num_classes=10),
            }
        ),
        split_datasets={"train": examples[:50], "test": examples[50:]},
        data_dir=root,
        disable_shuffling=True,
    )
    return root


def test_images_and_labels_come_as_stored(root):
    np.testing.assert_array_equal(data.load_raw("cifar10", "train", root), IMAGES[:50])
    np.testing.assert_array_equal(data.load_raw("cifar10", "test", root), IMAGES[50:])
    labels = data.load_labels("cifar10", "train", root)
    assert labels.dtype == np.int64 and labels.tolist() == LABELS[:50].tolist()
    images, labels = data.load_raw("cifar10", "test", root, labels=True)
    np.testing.assert_array_equal(images, IMAGES[50:])
    assert labels.tolist() == LABELS[50:].tolist()


def test_the_default_folder_is_tensorflow_datasets_own(root, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(root))
    dataset = data.load("cifar10", "test")
    assert len(dataset) == 10 and dataset.element_spec.shape == (32, 32, 3)
    np.testing.assert_array_equal(np.stack(list(dataset.as_numpy_iterator())), data.scale(IMAGES[50:]))
