"""Folders with one subfolder a class: Keras's numbers, splits that hold every class, and what is refused."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from wgan_keras import data


def save(path, value=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((4, 4), value, np.uint8)).save(path)


def make(root, counts):
    """{class: how many} pictures; the value of a class's i-th is 10 times the class's number plus i."""
    for number, (name, count) in enumerate(counts.items()):
        for i in range(count):
            save(root / name / f"{i:02}.png", 10 * number + i)
    return root


def values(images):
    return images[:, 0, 0, 0].tolist()


def test_classes_are_named_and_numbered_as_keras_does(tmp_path):
    # Upper case sorts before lower case, "-" before "/", and 10 before 9.
    for number, name in enumerate(
        ["b/1.png", "b-b/2.png", "Z/3.png", "10/4.png", "9/deep/5.png", "b/x/6.png", "b 2/7.png"]
    ):
        save(tmp_path / name, number)
    (tmp_path / ".hidden").mkdir()
    theirs = keras.utils.image_dataset_from_directory(
        tmp_path, batch_size=None, image_size=(4, 4), color_mode="grayscale", shuffle=False, verbose=False
    )
    assert list(data.class_names(tmp_path)) == theirs.class_names == ["10", "9", "Z", "b", "b 2", "b-b"]
    expected = {int(image[0, 0, 0]): int(label) for image, label in theirs}
    train, test, _ = data.load_splits(tmp_path, image_size=4, labels=True)
    ours = {
        value: label for images, labels in (train, test) for value, label in zip(values(images), labels, strict=True)
    }
    assert ours == expected and len(ours) == 7


def test_swapped_names_swap_the_labels(tmp_path):
    make(tmp_path, {"cat": 3, "dog": 5})
    images, labels = data.load_raw(tmp_path, image_size=4, labels=True)
    assert (values(images), labels.tolist()) == ([0, 1, 10, 11, 12, 13], [0, 0, 1, 1, 1, 1])
    (tmp_path / "cat").rename(tmp_path / "fox")
    images, labels = data.load_raw(tmp_path, image_size=4, labels=True)
    assert data.class_names(tmp_path) == ("dog", "fox")
    assert (values(images), labels.tolist()) == ([10, 11, 12, 13, 0, 1], [0, 0, 0, 0, 1, 1])


def test_the_split_is_that_of_images_alone_where_it_holds_every_class(tmp_path):
    make(tmp_path, {"a": 10, "b": 10, "c": 10})
    for split in data.SPLITS:
        images, labels = data.load_raw(tmp_path, split, image_size=4, labels=True)
        np.testing.assert_array_equal(images, data.load_raw(tmp_path, split, image_size=4))
        assert labels.tolist() == [value // 10 for value in values(images)]
        np.testing.assert_array_equal(labels, data.load_labels(tmp_path, split))


def test_each_split_holds_every_class_where_it_can(tmp_path):
    # In sorted order pictures 10 and 20 are tests: the only one of b, and the last but one of d.
    make(tmp_path, {"a": 9, "b": 1, "c": 2, "d": 9})
    train, test, report = data.load_splits(tmp_path, image_size=4, labels=True)
    assert values(test[0]) == [8, 21, 37] and test[1].tolist() == [0, 2, 3]  # a's and c's last ones
    assert sorted(set(train[1].tolist())) == [0, 1, 2, 3] and len(train[1]) == 18
    assert report.classes == {"a": 9, "b": 1, "c": 2, "d": 9}
    assert values(data.load_raw(tmp_path, "test", image_size=4)) == [10, 37]  # as before, without labels


def test_a_dataset_of_a_folder_is_aligned(tmp_path):
    make(tmp_path, {"a": 10, "b": 10, "c": 10})
    dataset = data.load(tmp_path, image_size=4, seed=0, labels=True)
    found = [(round((float(image[0, 0, 0]) + 1) * 127.5), int(label)) for image, label in dataset]
    assert len(found) == 27 and all(label == value // 10 for value, label in found)


def load(root):
    return data.load_raw(root, image_size=4, labels=True)


def test_a_flat_folder_has_no_labels(tmp_path):
    save(tmp_path / "1.png")
    for how in (load, data.class_names, data.load_labels):
        with pytest.raises(
            ValueError, match=r"has no labels: it has no subfolders; expected one subfolder a class .*cat"
        ):
            how(tmp_path)
    assert len(data.load_raw(tmp_path, image_size=4)) == 1


def test_pictures_outside_of_the_subfolders_are_named(tmp_path):
    make(tmp_path, {"a": 1})
    for i in range(5):
        save(tmp_path / f"{i}.png")
    with pytest.raises(
        ValueError, match=r"5 of its pictures lie in no subfolder \('0.png', '1.png', '2.png' and 2 more"
    ):
        load(tmp_path)
    assert len(data.load_raw(tmp_path, image_size=4)) == 6


def test_a_class_without_a_picture_is_named(tmp_path):
    make(tmp_path, {"a": 2, "c": 2})
    (tmp_path / "b").mkdir()
    (tmp_path / "b/notes.txt").write_text("no picture")
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    for how in (load, data.load_labels):
        with pytest.raises(
            ValueError,
            match=r"subfolders without a picture: 'b', 'linked'; each is .*links to folders are not followed",
        ):
            how(tmp_path)


def test_the_report_counts_classes_or_says_why_there_are_none(tmp_path):
    make(tmp_path, {"a": 2, "b": 3})
    report = data.check_folder(tmp_path)
    assert report.classes == {"a": 2, "b": 3} and "2 classes: a 2, b 3" in str(report)
    save(tmp_path / "stray.png")
    report = data.check_folder(tmp_path)
    assert report.classes == {} and "no classes: " in str(report) and "'stray.png'" in str(report)
    flat = tmp_path / "a"
    assert "class" not in str(data.check_folder(flat)).replace(str(flat), "")


def test_labels_alone_decode_no_picture(tmp_path):
    make(tmp_path, {"a": 2, "b": 2})
    for file in Path(tmp_path).rglob("*.png"):
        file.write_bytes(b"no picture")
    assert data.load_labels(tmp_path).tolist() == [0, 1] and data.load_labels(tmp_path, "test").tolist() == [0, 1]
