"""Folders of pictures: what is read, what is held out, and what is wrong named."""

import os

import numpy as np
import pytest
from PIL import Image

from wgan_keras import data


def save(path, pixels, mode=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels), mode).save(path, **options)


def flat(color, size=(8, 8)):
    return np.full((*size, len(color)), color, np.uint8)


def test_every_tenth_picture_in_sorted_order_is_held_out(tmp_path):
    names = [f"{'b' if number % 3 else 'a/deep'}/{number:02}.PNG" for number in range(25)]
    for number, name in enumerate(names):
        save(tmp_path / name, np.full((8, 8), number, np.uint8))
    (tmp_path / ".thumbs").mkdir()
    (tmp_path / ".thumbs" / "x.png").write_bytes(b"")
    (tmp_path / "._00.png").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no picture")
    order = [int(name[-6:-4]) for name in sorted(names)]
    test = data.load_raw(tmp_path, "test", image_size=8)[:, 0, 0, 0].tolist()
    train = data.load_raw(tmp_path, "train", image_size=8)[:, 0, 0, 0].tolist()
    assert test == [order[9], order[19]]
    assert train == [number for number in order if number not in test]


def test_a_folder_as_a_dataset(tmp_path):
    for number in range(12):
        save(tmp_path / f"{number:02}.png", flat((number, 0, 255)))
    dataset = data.load(str(tmp_path), image_size=8, seed=0)
    assert dataset.element_spec.shape == (8, 8, 3) and len(dataset) == 11
    reds = sorted(round((float(image[0, 0, 0]) + 1) * 127.5) for image in dataset)
    assert reds == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]


def test_check_folder_counts_and_names(tmp_path):
    save(tmp_path / "a.png", flat((1, 2, 3), (5, 7)))
    save(tmp_path / "b.png", flat((1, 2, 3, 4), (20, 10)))
    save(tmp_path / "sub/c.png", flat((1, 2, 3), (3, 30)))
    (tmp_path / "sub/empty.jpg").write_bytes(b"")
    report = data.check_folder(tmp_path)
    assert (report.count, report.smallest, report.largest) == (3, (7, 5), (10, 20))
    assert report.modes == {"RGB": 2, "RGBA": 1}
    assert [name for name, _ in report.unreadable] == ["sub/empty.jpg"]
    assert "3 pictures, 1 unreadable" in str(report) and "7x5 to 10x20" in str(report)
    assert "unreadable: sub/empty.jpg: UnidentifiedImageError" in str(report)


def test_truncated_pictures_are_found(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for name in ("a.png", "b.jpg", "c.webp", "d.bmp"):
        save(tmp_path / name, noise)
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-1500])
    save(tmp_path / "good.png", noise)
    named = [name for name, _ in data.check_folder(tmp_path).unreadable]
    assert named == ["a.png", "b.jpg", "c.webp", "d.bmp"]


def test_unreadable_pictures_are_one_error_that_names_ten(tmp_path):
    for number in range(13):
        (tmp_path / f"{number:02}.png").write_bytes(b"no picture")
    save(tmp_path / "good.png", flat((1, 2, 3)))
    with pytest.raises(ValueError, match=r"13 of 14 pictures in .* cannot be read") as error:
        data.load(tmp_path, image_size=8)
    assert str(error.value).count(".png (UnidentifiedImageError") == 10
    assert "09.png" in str(error.value) and "10.png" not in str(error.value)
    assert "and 3 more; remove or repair them" in str(error.value)


def test_folders_without_pictures(tmp_path):
    with pytest.raises(ValueError, match=r"no pictures in .*; expected files that end in .png"):
        data.load(tmp_path, image_size=8)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ValueError, match=r"no pictures in .*; expected files that end in .png"):
        data.load(tmp_path, image_size=8)
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(ValueError, match=r"1 of 1 pictures in .* cannot be read"):
        data.check_folder(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no folder .*missing"):
        data.check_folder(tmp_path / "missing")


def test_too_few_pictures_for_a_test_split(tmp_path):
    save(tmp_path / "a.png", flat((1, 2, 3)))
    with pytest.raises(ValueError, match="holds 1 pictures: too few for the test split"):
        data.load(tmp_path, "test", image_size=8)


@pytest.mark.parametrize("image_size", [None, 0, 8.5])
def test_a_folder_needs_an_image_size(tmp_path, image_size):
    save(tmp_path / "a.png", flat((1, 2, 3)))
    with pytest.raises(
        ValueError, match=r"expected the side in pixels .* for example image_size=64 \(in the command --image-size 64\)"
    ):
        data.load(tmp_path, image_size=image_size)


def test_what_is_no_picture_is_passed_over_and_told(tmp_path):
    folder = tmp_path / "pictures"
    save(folder / "a.png", flat((1, 2, 3)))
    os.mkfifo(folder / "pipe.png")  # to open it would take for ever
    (folder / "linked").symlink_to(tmp_path)
    (folder / "gone.png").symlink_to(tmp_path / "nothing.png")
    (folder / "device.png").symlink_to("/dev/zero")
    save(tmp_path / "outside.png", flat((1, 2, 3)))
    (folder / "b.png").symlink_to(tmp_path / "outside.png")  # a link to a file is as good as the file
    for name in ("1.txt", "2.TXT", "README"):
        (folder / name).write_text("text")
    report = data.check_folder(folder)
    assert (report.count, report.unreadable) == (2, ())
    assert report.left_out == {
        "pipes, sockets or devices": 2,
        ".txt": 2,
        "links to folders": 1,
        "links to nothing": 1,
        "files without an ending": 1,
    }
    assert "left out: " in str(report) and "2 .txt" in str(report) and "1 links to folders" in str(report)
    assert len(data.load_raw(folder, image_size=8)) == 2
    (folder / "a.png").unlink()
    (folder / "b.png").unlink()
    with pytest.raises(ValueError, match=r"no pictures in .*\.webp; it holds .*2 \.txt"):
        data.check_folder(folder)


def test_a_folder_that_cannot_be_listed_is_named(tmp_path, monkeypatch):
    """By a `scandir` that fails, as root may list everything; of hidden folders and lost+found nobody asks."""
    save(tmp_path / "a.png", flat((1, 2, 3)))
    for name in (".hidden", "lost+found", "locked"):
        (tmp_path / name).mkdir()
    scandir = os.scandir

    def refused(path):
        if os.path.basename(path) in ("locked", "lost+found", ".hidden"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(PermissionError, match=r"locked cannot be listed \(Permission denied\).* make it readable"):
        data.load(tmp_path, image_size=8)
    (tmp_path / "locked").rmdir()
    assert data.check_folder(tmp_path).count == 1


def test_the_root_of_all_files_is_no_folder_of_pictures():
    with pytest.raises(ValueError, match="/ is the root of all files; expected a folder of pictures below it"):
        data.check_folder("/")


def test_what_memory_cannot_hold_is_refused_with_its_size(tmp_path, monkeypatch):
    for i in range(3):
        save(tmp_path / f"{i}.png", flat((1, 2, 3)))
    monkeypatch.setattr("wgan_keras.runtime.memory.limit", lambda: 2**20)
    with pytest.raises(ValueError, match=r"3 images as float32 would take 1.37 MiB .* are 1 MiB; use load or stream"):
        data.load_arrays(tmp_path, image_size=200)
    with pytest.raises(ValueError, match=r"image_size=100000 .* at most 16,384"):
        data.load_raw(tmp_path, image_size=100_000)
