"""The emoji of four families: which are held out, what they are labeled with, how they are fetched and drawn."""

import io
import json
import os
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wgan_keras import data
from wgan_keras.data import iconify

SAMPLE = Path(__file__).parent / "emoji_families"
LABELS = {  # by hand
    **{"1f600": 0, "1f628": 0, "263a": 0, "1f44b": 1, "1f44b-1f3fb": 1, "1f434": 2, "1f436": 2, "1f347": 3, "1f34e": 3},
    **{"1f685": 4, "1f3ae": 5, "1f4bb": 6, "1f519": 7, "1f1eb-1f1f7": 8, "1f1e9-1f1ea": 8},
}
TRAIN = {"1f600", "1f436", "1f34e", "1f1e9-1f1ea"}  # whose place in Unicode's order does not end in 0


def files(split):
    """Of the sample, in the order of the arrays."""
    found = sorted(path.relative_to(SAMPLE) for path in SAMPLE.rglob("*.png"))
    return [SAMPLE / path for path in found if (path.stem in TRAIN) == (split == "train")]


@pytest.mark.parametrize("split", data.SPLITS)
def test_pictures_with_their_categories_and_families(split):
    images, labels = data.load_raw("emoji_families", split, SAMPLE, image_size=128, labels=True)
    families = data.load_attribute("emoji_families", "family", split, SAMPLE)
    assert len(images) == len(labels) == len(families) == len(files(split)) > 10
    for file, pixels, label, family in zip(files(split), images, labels, families, strict=True):
        white = Image.new("RGBA", (128, 128), "white")
        white.alpha_composite(Image.open(file).convert("RGBA"))
        np.testing.assert_array_equal(pixels, np.asarray(white)[..., :3])
        assert label == LABELS[file.stem]
        assert data.attributes("emoji_families")["family"][family] == file.parent.name


def test_a_held_out_character_is_held_out_in_every_family_and_color_of_skin():
    """The tenth, twentieth, ... of Unicode's order; WAVING HAND SIGN is the 170th."""
    held_out = {path.stem for path in files("test")}
    assert {"1f44b", "1f44b-1f3fb"} <= held_out and not held_out & TRAIN
    assert {path.parent.name for path in files("test") if path.stem == "1f44b"} == set(
        data.attributes("emoji_families")["family"]
    )


def test_they_are_64_pixels_large_unless_asked_otherwise():
    assert data.load_raw("emoji_families", "test", SAMPLE).shape == (len(files("test")), 64, 64, 3)
    assert data.load_raw("emoji_families", "test", SAMPLE, image_size=32).shape[1:] == (32, 32, 3)


def test_a_set_says_which_attributes_it_has():
    with pytest.raises(ValueError, match="'emoji_families' has no attribute 'age'; it has family"):
        data.load_attribute("emoji_families", "age", "test", SAMPLE)
    with pytest.raises(ValueError, match="'emoji' has no attribute 'family'; it has none"):
        data.load_attribute("emoji", "family")


def test_the_license_of_each_family_is_on_the_card_and_beside_the_pictures():
    card = data.provenance("emoji_families")["license"]
    for line in (SAMPLE / "LICENSES.txt").read_text().splitlines():
        family, rest = line.split(": ", 1)
        assert f"{rest.split('license ')[1].split(' ')[0]} ({family})" in card


def copied(tmp_path, change):
    """The sample with another table."""
    folder = tmp_path / "set"
    (folder / "noto").mkdir(parents=True)
    (folder / "noto/1f600.png").write_bytes((SAMPLE / "noto/1f600.png").read_bytes())
    (folder / "emoji.json").write_text(change(json.loads((SAMPLE / "emoji.json").read_text())))
    return folder


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: "[", "emoji.json is damaged .JSONDecodeError"),
        (lambda rows: json.dumps(rows[:1]), "says nothing of 1 of 1 pictures, the first is .*1f600.png; remove"),
        (lambda rows: json.dumps([{**row, "category": "Runes"} for row in rows]), "are of Runes; expected Smileys"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        data.load_labels("emoji_families", "train", copied(tmp_path, change))


def test_a_folder_without_the_table_is_not_the_set(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"has no emoji.json; expected a copy of the folder emoji_families@1"):
        data.load("emoji_families", data_dir=tmp_path)


# How they are fetched

NPM = """#!{python}
import pathlib, shutil, sys
assert sys.argv[1] == "pack"
name = sys.argv[2].removeprefix("@").replace("/", "-").rpartition("@")[0] + ".tgz"
shutil.copy(pathlib.Path({archives!r}) / name, pathlib.Path.cwd() / name)
"""


def write_archive(path, **contents):
    with tarfile.open(path, "w:gz") as members:
        for name, content in contents.items():
            content = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/{name}.json")
            member.size = len(content)
            members.addfile(member, io.BytesIO(content))


def icons(*names):
    """A set of rectangles of 4x3 units, each in a color of its own."""
    return {
        "icons": {
            "icons": {each: {"body": f'<path fill="#0000{i:02x}" d="M0 0h4v3H0z"/>'} for i, each in enumerate(names)},
            **{"width": 4, "height": 3},
        },
        "chars": dict(zip(names, names, strict=True)),
        "info": {"name": "S", "author": {"name": "A", "url": "u"}, "license": {"spdx": "MIT", "url": "l"}},
    }


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """A machine with an npm that has the packages; each family has the emoji of the sample and one more."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/npm").write_text(NPM.format(python=sys.executable, archives=str(tmp_path)))
    os.chmod(tmp_path / "bin/npm", 0o755)
    write_archive(tmp_path / "emoji-datasource.tgz", emoji=json.loads((SAMPLE / "emoji.json").read_text()))
    for name in ("fluent-emoji-flat", "noto", "openmoji", "twemoji"):
        write_archive(tmp_path / f"iconify-json-{name}.tgz", **icons(*LABELS, "2117"))
    return tmp_path


@pytest.mark.needs_svg
def test_npm_brings_drawings_that_are_drawn_once(npm, capsys):
    assert data.locate("emoji_families") is None
    train, labels = data.load_raw("emoji_families", labels=True)
    test = data.load_raw("emoji_families", "test")
    assert (len(train), len(test)) == (4 * len(TRAIN), 4 * (len(LABELS) - len(TRAIN)))
    assert train[:, :6].min() > 250 < train[:, -6:].min()  # centered in a square, on white
    by_blue = dict(enumerate(LABELS.values()))
    assert [by_blue[blue] for blue in train[:, 32, 32, 2]] == labels.tolist()
    (npm / "bin/npm").unlink()
    np.testing.assert_array_equal(data.load_raw("emoji_families", "test"), test)
    folder = data.locate("emoji_families").path
    assert "twemoji: S by A (u), license MIT (l); npm package @iconify" in (folder / "LICENSES.txt").read_text()
    assert [path.name for path in folder.parent.iterdir()] == ["emoji_families@1"]


@pytest.mark.needs_svg
def test_what_another_process_drew_meanwhile_stays(npm, overtaken):
    kind = data.DATASETS["emoji_families"]
    first, second = overtaken(kind, "make", lambda: kind().fetch().path)
    assert first == second


@pytest.mark.needs_svg
def test_what_npm_does_not_bring_leaves_nothing_behind(npm, capsys):
    (npm / "iconify-json-twemoji.tgz").unlink()
    with pytest.raises(ConnectionError, match=r"@iconify-json/twemoji@1.2.5 cannot be downloaded .*or give data_dir="):
        data.load("emoji_families")
    assert not list((npm / "cache/wgan_keras/data").iterdir())
    write_archive(npm / "iconify-json-fluent-emoji-flat.tgz", icons={})
    with pytest.raises(ValueError, match=r"iconify-json-fluent-emoji-flat.tgz holds no emoji in Iconify's form"):
        data.load("emoji_families")


def test_without_resvg_nothing_is_fetched(npm, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    (npm / "bin/npm").unlink()
    with pytest.raises(ImportError, match=r"pip install 'wgan_keras\[svg\]'"):
        data.load("emoji_families")


def test_codes_without_the_variation_selector():
    assert iconify.plain("263A-FE0F") == "263a"
    assert iconify.plain("1f468-200d-2695-fe0f") == "1f468-200d-2695"


@pytest.mark.needs_drawn
def test_the_sample_is_of_the_whole_set():
    folder = data.locate("emoji_families").path
    for file in files("train") + files("test"):
        assert (folder / file.relative_to(SAMPLE)).read_bytes() == file.read_bytes()
    counts = {split: np.bincount(data.load_labels("emoji_families", split)) for split in data.SPLITS}
    assert counts["train"].tolist() == [611, 7824, 575, 467, 788, 304, 951, 803, 502]
    assert counts["test"].tolist() == [64, 846, 60, 56, 84, 36, 103, 92, 54]
