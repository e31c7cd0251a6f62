"""The emoji: where they are looked for, how npm brings them, and their categories."""

import io
import json
import os
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import data
from wgan_keras.cli import app
from wgan_keras.data import emoji
from wgan_keras.recipes import Recipe


def _variations(entry):
    return entry.get("skin_variations", {}).values()


TABLE = Path(__file__).parent / "emoji/emoji.json"
NAMES = [each["image"] for entry in json.loads(TABLE.read_text()) for each in (entry, *_variations(entry))]

NPM = """#!{python}
import pathlib, shutil, sys
assert sys.argv[1:] == ["pack", "emoji-datasource-google@16.0.0"]
shutil.copy({archive!r}, pathlib.Path.cwd() / "emoji-datasource-google-16.0.0.tgz")
"""


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine without emoji and without npm; returns the folder that PATH names."""
    monkeypatch.setattr(emoji, "cache_folder", lambda: tmp_path / "cache/emoji")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def picture(value):
    content = io.BytesIO()
    Image.new("RGB", (64, 64), (value, 0, 0)).save(content, format="png")
    return content.getvalue()


@pytest.fixture
def npm(bare):
    """The same machine with an npm, whose package holds 20 emoji and other files."""
    files = {f"package/img/google/64/{name}": picture(i) for i, name in enumerate(NAMES)}
    files |= {"package/img/google/sheets/64.png": picture(99), "package/package.json": b"{}"}
    files |= {"package/emoji.json": TABLE.read_bytes(), "package/emoji_pretty.json": b"[]"}
    archive = bare.parent / "package.tgz"
    with tarfile.open(archive, "w:gz") as members:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            members.addfile(member, io.BytesIO(content))
    (bare / "npm").write_text(NPM.format(python=sys.executable, archive=str(archive)))
    os.chmod(bare / "npm", 0o755)
    return bare


def test_npm_brings_them_once(npm):
    assert data.locate("emoji") is None
    train, test = (data.load_raw("emoji", split) for split in ("train", "test"))
    assert (train.shape, test.shape) == ((18, 64, 64, 3), (2, 64, 64, 3))
    assert sorted({*train[:, 0, 0, 0], *test[:, 0, 0, 0]}) == list(range(20))  # and not the sheet
    (npm / "npm").unlink()
    assert data.locate("emoji") == ("folder", emoji.cache_folder())
    assert np.array_equal(data.load_raw("emoji", "test"), test)
    assert data.load_raw("emoji", "test", image_size=32).shape == (2, 32, 32, 3)
    assert [path.name for path in emoji.cache_folder().parent.iterdir()] == ["emoji"]


def test_what_another_process_brought_meanwhile_stays(npm, overtaken):
    first, second = overtaken(emoji, "_unpack", emoji.download)
    assert first == second
    assert [path.name for path in emoji.cache_folder().parent.iterdir()] == ["emoji"]


def test_without_npm_the_error_says_what_to_do(bare):
    with pytest.raises(ConnectionError, match=r"npm is not installed\); install npm, or give data_dir="):
        data.load("emoji")


def test_npms_own_complaint_is_passed_on(bare):
    (bare / "npm").write_text(
        f"#!{sys.executable}\nimport sys\nsys.exit('npm error code E404\\nnpm error 404\\na log')"
    )
    os.chmod(bare / "npm", 0o755)
    with pytest.raises(ConnectionError, match=r"\(npm error code E404; npm error 404\); install npm"):
        data.load("emoji")
    assert not list(emoji.cache_folder().parent.iterdir())


@pytest.mark.usefixtures("eagerly")
def test_the_command_trains_on_them_by_name_at_their_own_size(npm, tmp_path):
    emoji.download()
    options = ["--data", "emoji", "--game", "gan", "--network", "mlp", "--width", "1", "--batch-size", "2"]
    result = CliRunner().invoke(app, ["train", *options, "--iterations", "1", "--out", str(tmp_path / "run")])
    assert result.exit_code == 0, result.output
    recipe = Recipe.load(tmp_path / "run/config.json")
    assert (recipe.data, recipe.generator["output_shape"]) == ({"name": "emoji"}, [64, 64, 3])


def test_an_unpacked_package_serves(bare, tmp_path):
    folder = tmp_path / "here/package/img/google/64"
    folder.mkdir(parents=True)
    (folder / emoji._A_PICTURE).write_bytes(picture(1))
    for root in (tmp_path / "here", tmp_path / "here/package", folder):
        assert data.locate("emoji", root) == ("folder", folder)
    with pytest.raises(FileNotFoundError, match="has no emoji; expected the unpacked npm package"):
        data.load("emoji", data_dir=tmp_path)


def test_a_folder_named_emoji_is_not_the_set(bare, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("emoji").mkdir()
    assert data.locate("emoji") is None
    assert data.locate("./emoji") == data.locate(Path("emoji")) == ("folder", Path("emoji"))


# Labels

# Of the pictures in the order of the table, by hand. The heart, 17, is an emotion.
CATEGORIES = [0, 0, 1, 1, 1, 1, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 0, 9, 2]


def labeled(split="train", **arguments):
    images, labels = data.load_raw("emoji", split, labels=True, **arguments)
    return dict(zip(images[:, 0, 0, 0].tolist(), labels.tolist(), strict=True))


def test_labels_are_the_categories_in_unicodes_order(npm):
    assert data.class_names("emoji")[::4] == ("Smileys & Emotion", "Food & Drink", "Symbols")
    assert len(NAMES) == 20
    for split in data.SPLITS:
        found = labeled(split)
        assert found == {picture: CATEGORIES[picture] for picture in found}
        assert list(found) == data.load_raw("emoji", split)[:, 0, 0, 0].tolist()
    assert len(labeled("test")) == 2


def test_pictures_of_an_earlier_version_get_their_table_and_stay(npm):
    folder = emoji.download()
    (folder / "emoji.json").unlink()
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert len(data.load_raw("emoji")) == 18 and not (folder / "emoji.json").exists()
    assert labeled()[0] == 0
    after = {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert after.pop("emoji.json") and after == before
    (npm / "npm").unlink()
    assert len(data.load_labels("emoji")) == 18
    (folder / "emoji.json").unlink()
    with pytest.raises(ConnectionError, match="npm is not installed"):
        data.load_labels("emoji")


def test_the_table_of_an_unpacked_package_serves(bare, tmp_path):
    package = tmp_path / "here/package"
    folder = package / "img/google/64"
    folder.mkdir(parents=True)
    for i, name in enumerate(NAMES):
        (folder / name).write_bytes(picture(i))
    with pytest.raises(FileNotFoundError, match=r"no emoji.json for the emoji in .*64, which has their categories"):
        labeled(data_dir=folder)
    (package / "emoji.json").write_bytes(TABLE.read_bytes())
    for root in (tmp_path / "here", package, folder):
        assert labeled(data_dir=root)[19] == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "emoji.json is damaged .*fetch the package again"),
        ('{"a": 1}', "emoji.json is damaged"),
        ('[{"image": "1f600.png"}]', "emoji.json is damaged .KeyError: 'category'"),
        ("[]", r"says no category, of Smileys & Emotion, .* for 20 of them, the first is 0023-fe0f-20e3.png"),
        ('[{"image": "0023-fe0f-20e3.png", "category": "Runes"}]', "for 20 of them"),
    ],
)
def test_a_table_that_says_no_categories_is_refused(npm, content, message):
    (emoji.download() / "emoji.json").write_text(content)
    with pytest.raises(ValueError, match=message):
        data.load_labels("emoji")


def test_the_command_counts_them(npm):
    emoji.download()
    result = CliRunner().invoke(app, ["data", "emoji"])
    assert result.exit_code == 0 and "20 pictures, 0 unreadable" in result.output
    rows = {line.split()[0]: line.split()[-2:] for line in result.output.splitlines() if line[:3].strip().isdigit()}
    assert {label: sum(map(int, counts)) for label, counts in rows.items()} == {
        str(label): CATEGORIES.count(label) for label in range(10)
    }
