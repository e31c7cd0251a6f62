"""What `pip install` brings: the wheel alone, far from the checkout, without a network."""

import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.presets import store

ROOT = pathlib.Path(__file__).parents[1]
KINDS = (".json", ".h5", ".md", ".png", ".csv")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder into which the wheel is unpacked; it is built from a copy, so that the checkout stays as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    copy.mkdir()
    for name in ("setup.py", "pyproject.toml", "README.md"):
        shutil.copyfile(ROOT / name, copy / name)
    for name in ("wgan_keras", "zoo"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"  # as pip does
    subprocess.run([sys.executable, "-c", build, folder], cwd=copy, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(installed), "HOME": str(installed)}
    command = [sys.executable, "-c", "from wgan_keras.cli import app; app()", *arguments]
    done = subprocess.run(command, cwd=installed, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_every_file_of_every_preset(installed):
    ours, theirs = (
        {path.relative_to(zoo).as_posix() for path in zoo.glob("*/*") if path.suffix in KINDS}
        for zoo in (store.ZOO, installed / "wgan_keras/zoo")
    )
    assert ours == theirs
    assert list((installed / "wgan_keras/metrics/weights").iterdir())
    assert (installed / "wgan_keras/data/avatars.mjs").is_file()


def test_the_wheel_stays_under_95_mb(installed):
    """The package index takes 100 MB at most."""
    (wheel,) = installed.parent.glob("*.whl")
    assert wheel.stat().st_size < 95e6


def test_the_wheel_has_the_explorers_page(installed):
    ours, theirs = (
        {path.name for path in (root / "explore/page").iterdir()}
        for root in (ROOT / "wgan_keras", installed / "wgan_keras")
    )
    assert "index.html" in ours and ours == theirs


def test_the_wheel_says_that_it_has_types(installed):
    assert (installed / "wgan_keras/py.typed").is_file()


def test_the_wheels_command_lists_its_presets(installed):
    _, *rows = run(installed, "list").splitlines()
    assert [row.split()[0] for row in rows] == wk.list_presets()


def test_the_wheels_command_samples_a_preset(installed):
    name = wk.list_presets()[0]
    run(installed, "sample", name, "--out", str(installed / "s.npz"), "-n", "4", "--seed", "0")
    samples = np.load(installed / "s.npz")["samples"]
    assert np.abs(samples - wk.from_preset(name).sample(4, seed=0)).max() < 1e-3
