import errno
import os
import pathlib
import zipfile

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.files import saving
from wgan_keras.files.contents import Contents
from wgan_keras.files.saving import whole_file
from wgan_keras.models.loading import _is_whole
from wgan_keras.samples.opening import open_model

PAGE = Contents("a page", "index.html", ["index.html"])


def test_a_file_appears_whole_in_folders_that_are_made(tmp_path):
    path = tmp_path / "new" / "folder" / "gan.weights.h5"
    with whole_file(path) as temporary:
        assert temporary.parent == path.parent and temporary.name.endswith(".weights.h5")
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("error", [RuntimeError("out of luck"), KeyboardInterrupt()])
def test_an_exception_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "gan.keras"
    path.write_text("old")
    with pytest.raises(type(error)), whole_file(path) as temporary:
        temporary.write_text("half")
        raise error
    assert path.read_text() == "old" and os.listdir(tmp_path) == [path.name]


def test_of_a_link_the_target_is_replaced(tmp_path):
    (tmp_path / "link").symlink_to("there/target")  # which is not there yet
    for content in ("old", "new"):
        with whole_file(tmp_path / "link") as temporary:
            temporary.write_text(content)
        assert (tmp_path / "link").is_symlink() and (tmp_path / "there/target").read_text() == content
    assert len(list((tmp_path / "there").iterdir())) == 1


def test_a_full_disk_is_named_with_the_file_and_the_remedy(tmp_path):
    path = tmp_path / "gan.keras"
    path.write_text("old")
    expected = r"gan\.keras could not be written \(No space left.*untouched.*[Ff]ree some space"
    with pytest.raises(OSError, match=expected), whole_file(path) as temporary:
        temporary.write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert path.read_text() == "old" and os.listdir(tmp_path) == [path.name]


def test_of_files_written_together_the_one_that_failed_is_named(tmp_path):
    expected = r"^\S*b\.json could not be written \(No space left[^(]*$"
    with pytest.raises(OSError, match=expected), whole_file(tmp_path / "a.json") as other:
        other.write_text("half")
        with whole_file(tmp_path / "b.json"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not os.listdir(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"gan\.keras could not be written"), whole_file(tmp_path / "file" / "gan.keras"):
        raise AssertionError("nothing is run without a place to write to")


def test_a_folder_that_cannot_be_moved_into_place_leaves_the_old_one(tmp_path, monkeypatch):
    old = tmp_path / "page"
    old.mkdir()
    (old / "index.html").write_text("before")
    replace = os.replace

    def refuse(source, target):
        if pathlib.Path(target) == old and not (pathlib.Path(source) / "index.html").read_text() == "before":
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(KeyboardInterrupt), saving.whole_folder(old, PAGE) as new:
        new.mkdir()
        (new / "index.html").write_text("after")
    assert (old / "index.html").read_text() == "before"
    assert list(tmp_path.iterdir()) == [old]


def test_a_file_that_fails_inside_a_folder_is_told_in_its_own_words(tmp_path):
    with pytest.raises(saving.NotWrittenError, match=r"^inner words$"), saving.whole_folder(tmp_path / "page", PAGE):
        raise saving.NotWrittenError("inner words")


@pytest.fixture(scope="module")
def saved(tiny, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "gan.keras"
    tiny(wk.WGAN).save(path)
    return path


def test_a_truncated_file_is_refused(saved, tmp_path):
    whole = saved.read_bytes()
    for part in (0, 100, len(whole) // 2, len(whole) - 10):
        path = tmp_path / "cut.keras"
        path.write_bytes(whole[:part])
        with pytest.raises(ValueError, match=rf"cut\.keras \({part} bytes\) is not a whole \.keras file"):
            wk.load_model(path)


def test_a_damaged_file_is_refused_by_name(saved, tmp_path):
    """The length is right, a few bytes in the middle of the weights are not."""
    with zipfile.ZipFile(saved) as archive:
        weights = archive.getinfo("model.weights.h5")
        middle = weights.header_offset + weights.compress_size // 2
    damaged = bytearray(saved.read_bytes())
    for i in range(middle, middle + 64):
        damaged[i] ^= 0xFF
    path = tmp_path / "damaged.keras"
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match=r"damaged\.keras.*not a whole \.keras file"):
        wk.load_model(path)


def test_an_archive_that_is_something_else_is_refused_by_name(saved, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ValueError, match=r"other\.keras.*not a whole \.keras file"):
        wk.load_model(tmp_path / "other.keras")


def test_bits_flipped_anywhere_in_the_directory_are_refused_by_name(saved, tmp_path):
    """In the archive's own record of its last member: how it is packed, where it lies, how long it is."""
    whole, path, refused = saved.read_bytes(), tmp_path / "flipped.keras", 0
    for i in range(whole.rindex(b"PK\x01\x02"), len(whole)):
        path.write_bytes(whole[:i] + bytes([whole[i] ^ 0x09]) + whole[i + 1 :])
        refused += not _is_whole(path)  # a few of these bytes say nothing of the content
    assert refused > 20


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*nowhere\.keras; expected a \.keras file"):
        wk.load_model(tmp_path / "nowhere.keras")


def test_a_failed_save_of_a_model_leaves_the_old_file(saved, tiny, tmp_path, monkeypatch):
    path = tmp_path / "gan.keras"
    path.write_bytes(saved.read_bytes())
    model = tiny(wk.WGAN)

    def fill_the_disk(self, filepath, **_):
        with open(filepath, "wb") as file:
            file.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(keras.Model, "save", fill_the_disk)
    with pytest.raises(OSError, match=r"gan\.keras could not be written"):
        model.save(path)
    assert path.read_bytes() == saved.read_bytes() and os.listdir(tmp_path) == [path.name]


def test_overwrite_false_keeps_the_old_file(saved, tiny, tmp_path, monkeypatch):
    """Keras asks at the terminal before it overwrites; the answer here is no."""
    monkeypatch.setattr("builtins.input", lambda *_: "n")
    model = tiny(wk.WGAN)
    for name, save in (("gan.keras", model.save), ("gan.weights.h5", model.save_weights)):
        path = tmp_path / name
        path.write_bytes(b"old")
        save(path, overwrite=False)
        assert path.read_bytes() == b"old"


def test_what_is_no_local_file_is_left_to_keras(tiny, monkeypatch):
    seen, model = [], tiny()
    monkeypatch.setattr(keras.Model, "save", lambda self, filepath, **options: seen.append(filepath))
    model.save("gs://bucket/model.keras")
    model.save("folder", zipped=False)
    assert seen == ["gs://bucket/model.keras", "folder"]


@pytest.mark.parametrize(
    "name", ["gan.h5", *(pytest.param(name, marks=pytest.mark.long) for name in ("gan.hdf5", "gan.weights.h5"))]
)
def test_a_file_from_which_no_game_loads_is_not_written(tiny, tmp_path, name):
    expected = rf"{name} would be a file of Keras's old format.*model\.save\('gan\.keras'\).*save_weights"
    with pytest.raises(ValueError, match=expected):
        tiny().save(tmp_path / name)
    with pytest.raises(ValueError, match=r"Keras's old format"):
        tiny(compile={"run_eagerly": True}).fit(
            np.zeros((8, 2), "float32"),
            batch_size=4,
            verbose=0,
            callbacks=[keras.callbacks.ModelCheckpoint(str(tmp_path / "{epoch}.h5"))],
        )
    assert os.listdir(tmp_path) == []


def test_paths_of_the_home_folder_are_meant(tiny, tmp_path, monkeypatch):
    """Files that are written and read with a name that begins with ~, and nothing in a folder of that name."""
    home, here = tmp_path / "home", tmp_path / "here"
    for folder in (home, here):
        folder.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    model = tiny(wk.WGAN, compile={"run_eagerly": True})
    model.fit(
        np.zeros((8, 2), "float32"),
        batch_size=4,
        verbose=0,
        callbacks=[
            wk.callbacks.SampleGrid("~/samples", n=4),
            wk.callbacks.IterationHistory("~/history.csv", "~/curves.png"),
        ],
    )
    model.save("~/gan.keras")
    model.save(pathlib.Path("~/folder"), zipped=False)
    model.save_weights("~/gan.weights.h5")
    model.save_to_preset("~/preset")
    model.export("~/exported")
    written = {"samples", "history.csv", "curves.png", "gan.keras", "gan.weights.h5", "preset"}
    assert set(os.listdir(home)) == {*written, "folder", "exported"} and os.listdir(here) == []
    expected = model.sample(3, seed=0)
    assert wk.callbacks.IterationHistory("~/history.csv").csv_path == home / "history.csv"
    for again in (wk.load_model("~/gan.keras"), open_model("~/gan.keras"), wk.from_preset("~/preset")):
        np.testing.assert_array_equal(again.sample(3, seed=0), expected)
    other = tiny(wk.WGAN, seed=1)
    other.load_weights("~/gan.weights.h5")
    np.testing.assert_array_equal(other.sample(3, seed=0), expected)
    assert wk.presets.open_recipe("~/preset") == wk.presets.open_recipe(home / "preset/config.json")
