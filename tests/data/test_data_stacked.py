"""The stacked set: its channels are Fashion-MNIST's images, its labels their classes, and it is always the same."""

from pathlib import Path

import numpy as np
import pytest

from wgan_keras import data

FASHION_MNIST = Path(__file__).parent / "fashion_mnist"


def load(split, **arguments):
    return data.load_raw("stacked_fashion_mnist", split, data_dir=FASHION_MNIST, **arguments)


@pytest.fixture(scope="module")
def test_split():
    return load("test", labels=True)


def test_sizes():
    images = load("train")
    assert (images.shape, images.dtype) == ((60_000, 28, 28, 3), np.uint8)
    assert data.load_labels("stacked_fashion_mnist", "train", FASHION_MNIST).shape == (60_000,)


def test_every_channel_is_an_image_of_the_same_split_and_the_label_names_the_three(test_split):
    images, labels = data.load_raw("fashion_mnist", "test", FASHION_MNIST, labels=True)
    label_of = {image.tobytes(): int(label) for image, label in zip(images, labels, strict=True)}
    stacks, stacked = test_split
    assert (stacks.shape, stacked.shape, stacked.dtype) == ((26_000, 28, 28, 3), (26_000,), np.int64)
    for stack, label in zip(stacks[:200], stacked[:200], strict=True):
        a, b, c = (label_of[np.ascontiguousarray(stack[..., channel]).tobytes()] for channel in range(3))
        assert label == 100 * a + 10 * b + c


def test_names_are_those_of_the_three_classes():
    names, single = data.class_names("stacked_fashion_mnist"), data.class_names("fashion_mnist")
    assert len(set(names)) == 1000
    assert names[907] == f"{single[9]}, {single[0]}, {single[7]}" == "Ankle boot, T-shirt, Sneaker"


def test_it_is_the_same_in_every_call_and_the_splits_differ(test_split):
    np.testing.assert_array_equal(load("test"), test_split[0])
    # Pinned: another stream of random numbers would be another data set under the same name.
    first = {
        split: data.load_labels("stacked_fashion_mnist", split, FASHION_MNIST)[:5].tolist() for split in data.SPLITS
    }
    assert first == {"train": [277, 175, 130, 338, 627], "test": [981, 846, 374, 361, 551]}


def test_the_channels_are_independent_and_each_has_the_classes_shares(test_split):
    single = np.bincount(data.load_labels("fashion_mnist", "test", FASHION_MNIST), minlength=10) / 512
    digits = np.unravel_index(test_split[1], (10, 10, 10))
    for digit in digits:  # chi square, 9 degrees of freedom, p = 0.001
        expected = single * len(digit)
        assert ((np.bincount(digit, minlength=10) - expected) ** 2 / expected).sum() < 27.9
    for one, other in [(0, 1), (0, 2), (1, 2)]:  # 99 degrees of freedom
        expected = np.outer(single, single).ravel() * len(digits[0])
        pairs = np.bincount(10 * digits[one] + digits[other], minlength=100)
        assert ((pairs - expected) ** 2 / expected).sum() < 148.2


def test_source_and_license_are_fashion_mnists():
    stacked, single = data.provenance("stacked_fashion_mnist"), data.provenance("fashion_mnist")
    assert single["source"] in stacked["source"] and stacked["license"] == single["license"] == "MIT"


def test_where_fashion_mnist_is_not_it_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="has no fashion_mnist; expected train-images"):
        data.load_raw("stacked_fashion_mnist", data_dir=tmp_path)
