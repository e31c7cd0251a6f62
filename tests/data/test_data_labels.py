"""Labels of named sets: in their images' places whatever the order, and their names."""

import itertools
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from wgan_keras import data
from wgan_keras.backend import py_data, tf_data
from wgan_keras.pipelines.classes import renumbered
from wgan_keras.pipelines.shuffling import shuffled

FASHION_MNIST = Path(__file__).parent / "fashion_mnist"


def load(how, split="train", **arguments):
    return how("fashion_mnist", split, data_dir=FASHION_MNIST, labels=True, **arguments)


@pytest.fixture(scope="module")
def label_of():
    """{bytes of a scaled image: its label} as the files have them."""
    found = {}
    for split in data.SPLITS:
        images, labels = load(data.load_arrays, split)
        found |= {image.tobytes(): int(label) for image, label in zip(images, labels, strict=True)}
    return found


def aligned(images, labels, label_of):
    return [label_of[image.tobytes()] for image in images] == np.asarray(labels).tolist()


def test_the_arrays_are_those_of_images_and_labels_alone():
    for split, count in (("train", 1536), ("test", 512)):
        images, labels = load(data.load_raw, split)
        np.testing.assert_array_equal(images, data.load_raw("fashion_mnist", split, FASHION_MNIST))
        np.testing.assert_array_equal(labels, data.load_labels("fashion_mnist", split, FASHION_MNIST))
        assert (images.dtype, labels.dtype, labels.shape) == (np.uint8, np.int64, (count,))


def test_the_sample_has_these_classes_in_these_numbers():
    # Counted by `zcat ... | tail -c +9 | od -tu1 -w1 | sort | uniq -c`.
    assert np.bincount(load(data.load_raw, "train")[1]).tolist() == [150, 161, 150, 148, 147, 159, 151, 168, 152, 150]
    assert np.bincount(load(data.load_raw, "test")[1]).tolist() == [56, 53, 71, 46, 58, 40, 47, 48, 45, 48]
    assert load(data.load_raw, "train")[1][:5].tolist() == [9, 0, 0, 3, 0]  # boot, two T-shirts, dress, T-shirt


def test_a_seed_takes_labels_along(label_of):
    images, labels = load(data.load_arrays, seed=3)
    np.testing.assert_array_equal(images, data.load_arrays("fashion_mnist", "train", FASHION_MNIST, seed=3))
    assert aligned(images, labels, label_of)
    assert not np.array_equal(labels, load(data.load_arrays)[1])


def test_both_splits_come_as_pairs():
    train, test, report = data.load_splits("fashion_mnist", FASHION_MNIST, labels=True)
    for found, split in ((train, "train"), (test, "test")):
        for one, other in zip(found, load(data.load_raw, split), strict=True):
            np.testing.assert_array_equal(one, other)
    assert report is None


def test_a_dataset_of_pairs_is_aligned_in_every_epoch(label_of):
    dataset = load(data.load, seed=0)
    assert dataset.element_spec == (tf.TensorSpec((28, 28, 1), tf.float32), tf.TensorSpec((), tf.int64))
    assert len(dataset) == 1536
    orders = []
    for _ in range(2):
        images, labels = map(np.concatenate, zip(*dataset.batch(256).as_numpy_iterator(), strict=True))
        assert aligned(images, labels, label_of)
        orders.append(labels)
    assert not np.array_equal(*orders)


def test_labels_do_not_change_the_order_of_the_images():
    images = data.load("fashion_mnist", data_dir=FASHION_MNIST, seed=5).take(50)
    pairs = load(data.load, seed=5).take(50)
    for image, (beside, _) in zip(images, pairs, strict=True):
        np.testing.assert_array_equal(image, beside)


@pytest.mark.parametrize("stream", [tf_data.stream, py_data.stream])
def test_the_streams_of_both_backends_are_aligned(stream, label_of):
    pairs = load(data.load_raw)
    batches = stream(pairs, 100, shuffled(1536, 4), 13)  # the last two batches of an epoch of 15, and two more
    taken = list(itertools.islice(batches, 4)) if stream is tf_data.stream else [batches[k] for k in range(4)]
    rows = np.concatenate([shuffled(1536, 4)(0)[1300:1500], shuffled(1536, 4)(1)[:200]])
    np.testing.assert_array_equal(np.concatenate([labels for _, labels in taken]), pairs[1][rows])
    for images, labels in taken:
        assert aligned(np.asarray(images), labels, label_of)


def test_stream_takes_pairs(label_of):
    images, labels = next(iter(data.stream(load(data.load_raw), 64, seed=1)))
    assert images.shape == (64, 28, 28, 1) and labels.shape == (64,)
    assert aligned(images.numpy(), labels, label_of)
    alone = next(iter(data.stream(load(data.load_raw)[0], 64, seed=1)))
    np.testing.assert_array_equal(alone, images)


def test_stream_refuses_what_is_no_pair():
    images, labels = load(data.load_raw)
    with pytest.raises(ValueError, match=r"data of \[1536, 1535\] rows; expected .* as many rows each"):
        data.stream((images, labels[1:]), 64, seed=0)
    with pytest.raises(ValueError, match=r"data of \[1536\] rows; expected an array, or a pair"):
        data.stream((images,), 64, seed=0)


@pytest.mark.parametrize("how", [data.load, data.load_arrays, data.load_raw, data.load_splits])
def test_data_without_labels_are_one_error(how):
    message = "'swiss_roll' has no labels; the sets with labels are fashion_mnist, mnist, cifar10, emoji, emoji_fam"
    with pytest.raises(ValueError, match=message):
        how("swiss_roll", labels=True)


def test_a_label_that_is_none_is_refused(monkeypatch):
    monkeypatch.setattr(data.DATASETS, "_registered", dict(data.DATASETS))

    class Wrong(data.DataSet):
        classes = ("a", "b")
        labels = np.array([0, 1, 2])

        def read(self, location, split, image_size=None):
            return np.zeros((3, 2), "float32")

        def read_labels(self, location, split):
            return self.labels

    data.register_data("wrong")(Wrong)
    for labels, message in [
        ([0, 1, 2], "'wrong' has labels from 0 to 2; expected 0 to 1"),
        ([-1, 0, 1], "'wrong' has labels from -1 to 1; expected 0 to 1"),
        ([0, 1], r"labels of shape \(2,\) and type int64 for 3 images"),
        ([0.0, 1.0, 1.0], "type float64 for 3 images; expected whole numbers"),
    ]:
        monkeypatch.setattr(Wrong, "labels", np.array(labels))
        with pytest.raises(ValueError, match=message):
            data.load_raw("wrong", labels=True)


# Names


def test_names_stand_in_the_order_of_labels():
    assert data.class_names("fashion_mnist")[9] == "Ankle boot"
    assert data.class_names("mnist") == tuple("0123456789")
    assert data.class_names("cifar10")[:3] == ("Airplane", "Automobile", "Bird")
    with pytest.raises(ValueError, match="'swiss_roll' has no labels"):
        data.class_names("swiss_roll")
    with pytest.raises(ValueError, match="unknown data 'mnits'"):
        data.class_names("mnits")


@pytest.mark.parametrize(
    "given, label",
    [("Ankle boot", 9), ("ankle BOOT", 9), (9, 9), ("9", 9), (np.int64(3), 3), ("T-shirt", 0), ("0", 0)],
)
def test_a_class_by_name_or_number(given, label):
    assert data.class_number(given, data.class_names("fashion_mnist")) == label


def test_a_name_in_digits_goes_before_the_number_and_an_exact_one_before_all():
    assert data.class_number("10", ("20", "10", "0")) == 1
    assert data.class_number("2", ("20", "10", "0")) == 2
    assert data.class_number("A", ("a", "A")) == 1 and data.class_number("a", ("a", "A")) == 0


def test_an_accent_may_be_a_character_of_its_own():
    """As in the names of folders from an archive of a Mac; keyboards type it and its letter as one."""
    one, two = (unicodedata.normalize(form, "Café") for form in ("NFC", "NFD"))
    assert len(one) < len(two)
    assert data.class_number(one, ("Bar", two)) == data.class_number(two.upper(), ("Bar", one)) == 1
    assert data.class_number(two, (one, two)) == 1
    assert renumbered(np.array([0, 1]), (two, "Bar"), ("Bar", one)).tolist() == [1, 0]


def test_two_classes_whose_names_differ_in_case_alone_never_become_one():
    assert renumbered(np.array([0, 1]), ("Cats", "cats"), ("dogs", "cats", "Cats")).tolist() == [2, 1]
    with pytest.raises(ValueError, match=r"class 'Cats', which the model lacks \(did you mean 'cats'\?\)"):
        renumbered(np.array([0, 1]), ("Cats", "cats"), ("cats", "dogs"))
    assert renumbered(np.array([0]), ("Dogs",), ("cats", "dogs")).tolist() == [1]


@pytest.mark.parametrize(
    "given, message",
    [
        (
            "ankle bot",
            r"no class 'ankle bot' \(did you mean 'Ankle boot'\?\); expected a number from 0 to 9 or one of T-",
        ),
        ("SNEEKER", r"did you mean 'Sneaker'\?"),
        (10, "no class 10; expected a number from 0 to 9"),
        (-1, "no class -1; expected"),
        ("-1", "no class '-1'"),
        (True, "no class True"),
        (3.0, "no class 3.0"),
        ("²", "no class '²'"),
        ("", "no class ''"),
    ],
)
def test_no_class(given, message):
    with pytest.raises(ValueError, match=message):
        data.class_number(given, data.class_names("fashion_mnist"))


def test_of_a_thousand_names_twenty_are_told():
    with pytest.raises(ValueError) as error:
        data.class_number("Boot", data.class_names("stacked_fashion_mnist"))
    assert len(str(error.value)) < 900 and str(error.value).endswith(", ...")
