"""Some hundred seeded mutations of the command's arguments: each ends in one line, never in a traceback."""

import json
import os
import random

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import export, scoring, training
from wgan_keras.cli import app
from wgan_keras.explore import runtime
from wgan_keras.models.sampling import Sampling
from wgan_keras.recipes import standard
from wgan_keras.samples import opening
from wgan_keras.tuning import workers
from wgan_keras.tuning.search import Search

NUMBERS = ["0", "-1", "1", "1.5", "99999999999999999999", "-1e999", "nan", "inf", "1e308", "abc", "", " ", "0x10"]
FOLDERS = [
    "pictures",
    "pipes",
    "empty",
    "locked/x",
    "file",
    "file/x",
    "pipe",
    "/",
    "",
    ".",
    "nowhere",
    "a\0b",
    "x" * 300,
]
FILES = ["file", "pictures", "/", "", "/dev/full", "pipe", "nowhere/x.json", "locked/x.json", "s.jpg", "s.png", "a\0b"]
DATA = ["swiss_roll", "fashionmnist", "pictures", "pipes", "empty", "file", "pipe", "/", "", ".", "nowhere", "a\0b"]
MODELS = ["wgan_swiss_roll", "wgan_swissroll", "file", "cut.keras", "pictures", "pipe", "/", "", "hf://", "hf://a/../b"]
RECIPES = ["gan", "recipe.json", "odd.json", "list.json", "nowhere.json", *MODELS]
PROTOCOLS = ["w1_pixels_64", "fid", "w1_pixels_0", "w1_pixels_99999999999999999999", "", "kid_inception_10"]
IMPORTS = [
    "nowhere.py",
    "broken.py",
    "json.py",
    "no_such_module",
    "pictures",
    "pipe",
    "/",
    "",
    ".",
    "a\0b",
    "x" * 300 + ".py",
]
OPTIONS = {
    "train": {
        "--import": IMPORTS,
        "--data": DATA,
        "--out": FOLDERS,
        "--game": ["gan", "wgan", "GAN", "", "1"],
        "--network": ["mlp", "dcgan", "vit", "", "mlp_critic"],
        "--data-dir": FOLDERS,
        "--weights": FILES,
        "--resume": None,
        "--mixed-precision": None,
        "--width": NUMBERS,
        "--latent-dim": NUMBERS,
        "--n-critic": NUMBERS,
        "--ema-decay": NUMBERS,
        "--learning-rate": NUMBERS,
        "--batch-size": NUMBERS,
        "--micro-batch": NUMBERS,
        "--iterations": NUMBERS,
        "--epoch-iterations": NUMBERS,
        "--seed": NUMBERS,
        "--image-size": NUMBERS,
    },
    "sample": {
        "--import": IMPORTS,
        "--out": [*FOLDERS, *FILES, "s.npz"],
        "--form": ["grid", "interpolation", "video", "training", "Grid"],
        "-n": [*NUMBERS, "2147483648"],
        "--seed": NUMBERS,
        "--columns": NUMBERS,
    },
    "evaluate": {
        "--import": IMPORTS,
        "--protocol": PROTOCOLS,
        "--data": DATA,
        "--data-dir": FOLDERS,
        "--weights": FILES,
        "--samples": [*FOLDERS, *FILES],
        "--json": FILES,
        "--seed": NUMBERS,
        "--image-size": NUMBERS,
    },
    "export": {
        "--import": IMPORTS,
        "--out": [*FOLDERS, *FILES, "g.onnx"],
        "--format": ["onnx", "savedmodel", "litert", "torch"],
        "--network": ["generator", "critic", "both"],
        "--pixels": ["float", "uint8", "int"],
    },
    "explore": {"--import": IMPORTS, "--out": FOLDERS, "--port": [*NUMBERS, "65536"], "--no-serve": None},
    "tune": {
        "--import": IMPORTS,
        "--data": DATA,
        "--image-size": NUMBERS,
        "--out": FOLDERS,
        "--data-dir": FOLDERS,
        "--space": ["space.json", "odd.json", "list.json", *FILES],
        "--tuner": ["random", "grid"],
        "--protocol": PROTOCOLS,
        "--objective": ["val_wasserstein_1", "val_fid", "loss", ""],
        "--at": ["best", "worst"],
        "--to-preset": FOLDERS,
        "--trials": NUMBERS,
        "--iterations": NUMBERS,
        "--epoch-iterations": NUMBERS,
        "--hours": NUMBERS,
        "--workers": NUMBERS,
        "--seed": NUMBERS,
    },
    "list": {"--nope": None, "--import": IMPORTS},
    "data": {"--data-dir": FOLDERS, "--download": None, "--import": IMPORTS},
}
ARGUMENTS = {
    "train": RECIPES,
    "sample": MODELS,
    "evaluate": MODELS,
    "export": MODELS,
    "explore": MODELS,
    "tune": RECIPES,
    "list": ["x", "game", ""],
    "data": ["fashon", "file", "pipes", "nowhere/x", "", "a\0b", "x" * 300],
}
SPACES = [
    {"kind": "choice", "values": None},
    {"kind": [], "values": [1]},
    {"kind": "choice", "values": [1, 1]},
    {"kind": "uniform", "low": 0, "high": 1e308},
    {"kind": "integer", "low": 1, "high": 2.5},
    {"kind": "fixed", "value": {}},
    None,
]


@pytest.fixture
def surroundings(tmp_path, monkeypatch):
    """A folder with something of every kind, as the working directory; what is slow is cut off where it begins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("pictures", "pipes", "empty"):
        (tmp_path / name).mkdir()
    for i in range(20):
        Image.fromarray(np.full((8, 8), i, "uint8")).save(tmp_path / f"pictures/{i}.tif")
    os.mkfifo(tmp_path / "pipes/a.png")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("text")
    (tmp_path / "cut.keras").write_bytes(b"PK\3\4")
    (tmp_path / "locked").write_text("")  # in the way of a folder, also for root, whom permissions do not stop
    recipe = standard({"name": "wgan"}, {"name": "swiss_roll"}, (2,), width=1, iterations=1)
    recipe.save(tmp_path / "recipe.json")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "broken.py").write_text("1 / 0")
    (tmp_path / "json.py").write_text("")

    def cut_off(*arguments, **options):
        raise RuntimeError("what follows is slow")

    monkeypatch.setattr(training, "_train", cut_off)
    monkeypatch.setattr(scoring, "reference", cut_off)
    monkeypatch.setattr(scoring, "evaluate", cut_off)
    monkeypatch.setattr(export, "write", cut_off)
    monkeypatch.setattr(runtime, "folder", cut_off)
    monkeypatch.setattr(workers, "run_saved", cut_off)
    monkeypatch.setattr(Search, "save", cut_off)
    monkeypatch.setattr(Sampling, "sample_batches", cut_off)
    opened = recipe.build()
    found = opening.open_model
    monkeypatch.setattr(opening, "open_model", lambda name: opened if name == "wgan_swiss_roll" else found(name))
    return tmp_path


def mutation(rng):
    verb = rng.choices([*OPTIONS], [8, 4, 3, 2, 1, 6, 0.5, 1])[0]
    arguments = [verb]
    if rng.random() < (0.3 if verb == "train" else 0.9):
        arguments.append(rng.choice(ARGUMENTS[verb]))
    for option in rng.sample([*OPTIONS[verb]], min(rng.choice([1, 1, 2, 3]), len(OPTIONS[verb]))):
        values = OPTIONS[verb][option]
        arguments += [option] if values is None else [option, rng.choice(values)]
    if verb == "train" and "--data" not in arguments and rng.random() < 0.9:
        arguments += ["--data", "swiss_roll"]  # whose shape is known at once
    return arguments


def wrong(result):
    """What is wrong with how the command ended, in words; "" if nothing is."""
    if not isinstance(result.exception, SystemExit) or result.exit_code not in (1, 2):
        return f"ended with {result.exception!r}, {result.exit_code}"
    lines = result.stderr.splitlines()
    if not lines or not lines[-1].startswith("wgan-keras: ") or sum("wgan-keras: " in line for line in lines) != 1:
        return f"not one line: {result.stderr!r}"
    if "Traceback" in result.output or "fault of the library" in result.output:
        return result.stderr
    return ""


@pytest.mark.parametrize("cases", [120, pytest.param(400, marks=pytest.mark.long)])
def test_whatever_is_given_ends_in_one_line_and_no_traceback(surroundings, cases):
    rng = random.Random(0)
    statuses, found = [], []
    for _ in range(cases):
        field, value = rng.choice(["n_critic", "seed", "nope"]), rng.choice([0, True, None, "1", 1e999])
        odd = {"game": {"name": "wgan_gp", field: value}, "critic": {}, "generator": [], "data": None}
        (surroundings / "odd.json").write_text(json.dumps(odd))
        (surroundings / "space.json").write_text(json.dumps({"game.n_critic": rng.choice(SPACES)}))
        arguments = mutation(rng)
        result = CliRunner().invoke(app, arguments)
        statuses.append(result.exit_code)
        if told := wrong(result):
            found.append(f"{' '.join(map(repr, arguments))}: {told}")
    assert not found, "\n".join(found)
    assert 0.2 < statuses.count(1) / cases < 0.9  # neither kind of refusal hides the other
