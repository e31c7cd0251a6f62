"""The avatars: put together by Node.js, drawn here, with what was chosen for each as labels and attributes."""

import io
import json
import os
import sys
import tarfile

import numpy as np
import pytest
from PIL import Image

from wgan_keras import data
from wgan_keras.data import avatars, svg

NPM = """#!{python}
import pathlib, shutil, sys
shutil.copy({archive!r}, pathlib.Path.cwd() / "package.tgz")
"""
# Node's stand-in: avatars in hues of red, of the i-th head and the first value of all attributes.
NODE = """#!{python}
import json, sys
for i in range(int(sys.argv[2]) - {missing}):
    square = f"<path fill='#{{i:02x}}0000' d='M0 0h1v1H0z'/>"
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>{{square}}</svg>"
    print(json.dumps({{"drawing": drawing, "head": {heads}[i], **{first}}}))
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """machine(missing=0): npm and node are these scripts, and 20 avatars make the set; node makes fewer."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(avatars, "COUNT", 20)
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as members:
        member = tarfile.TarInfo("package/LICENSE")
        member.size = 3
        members.addfile(member, io.BytesIO(b"CC0"))
    (tmp_path / "bin").mkdir()
    first = {name: values[0] for name, values in avatars.Avatars.attributes.items()}
    parts = {"python": sys.executable, "archive": str(tmp_path / "package.tgz"), "heads": avatars.Avatars.classes}

    def make(missing=0):
        for name, script in (("npm", NPM), ("node", NODE)):
            (tmp_path / "bin" / name).write_text(script.format(**parts, first=first, missing=missing))
            os.chmod(tmp_path / "bin" / name, 0o755)
        return tmp_path

    return make


@pytest.mark.needs_svg
def test_each_picture_has_the_labels_that_it_was_made_of(machine, capsys):
    machine()
    for split, numbers in (("test", [9, 19]), ("train", [*range(9), *range(10, 19)])):
        images, labels = data.load_raw("avatars", split, labels=True)
        assert images.shape == (len(numbers), 64, 64, 3)
        assert images[:, 32, 32, 0].tolist() == labels.tolist() == numbers
        assert not data.load_attribute("avatars", "skin", split).any()
    assert (data.locate("avatars").path / "LICENSE").read_text() == "CC0"
    assert data.class_names("avatars")[9] == "cornrows2"


@pytest.mark.needs_svg
def test_avatars_that_are_not_made_leave_nothing_behind(machine, capsys):
    folder = machine(missing=3)
    with pytest.raises(ConnectionError, match=r"Node.js ended with 0 after 17 of 20 avatars"):
        data.load("avatars")
    (folder / "bin/node").unlink()
    with pytest.raises(ConnectionError, match=r"Node\.js, which is not installed"):
        data.load("avatars")
    assert not list((folder / "cache/wgan_keras/data").iterdir())


def test_a_table_that_is_not_of_the_pictures_is_refused(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "00000.png")
    for table in ("[", "{}", json.dumps({"00000": {"face": "awe"}})):
        (tmp_path / "avatars.json").write_text(table)
        with pytest.raises(ValueError, match=r"avatars\.json is damaged, or not of these pictures"):
            data.load_labels("avatars", data_dir=tmp_path)


@pytest.mark.needs_svg
def test_a_drawing_keeps_its_proportions_and_its_transparency():
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 1'><path fill='red' d='M0 0h1v1H0z'/></svg>"
    pixels = np.asarray(Image.open(io.BytesIO(svg.rasterize(drawing, 8))))
    assert pixels.shape == (4, 8, 4)
    assert (pixels[:, :4] == (255, 0, 0, 255)).all() and not pixels[:, 4:].any()
    with pytest.raises(ValueError):
        svg.rasterize("<svg", 8)


@pytest.mark.needs_drawn
@pytest.mark.long
def test_the_whole_set_has_every_class_and_every_expression():
    heads = np.bincount(data.load_labels("avatars", "train"), minlength=48)
    assert heads.sum() == 10_800 and heads.min() >= 150
    faces = np.bincount(data.load_attribute("avatars", "face", "test"), minlength=30)
    assert faces.sum() == 1_200 and faces.min() >= 8
