"""Whatever happens to a file, it is read right or refused in one line that names it; seeded, dozens of times."""

import json
import random
import shutil
import zipfile

import pytest

import wgan_keras as wk
from wgan_keras import callbacks, recipes, run_folder
from wgan_keras.files.reading import JSON_LIMIT, read_json
from wgan_keras.tuning import results
from wgan_keras.tuning.search import Search
from wgan_keras.tuning.space import load_space

ODD = (None, True, -1, 0, 10**9, 10**40, 1e308, float("nan"), "", "x\ny", [], {}, [None], {"name": None}, [[]] * 3)
REFUSALS = (ValueError, FileNotFoundError, FileExistsError)


def read_preset(folder):
    wk.from_preset(folder / "preset").sample(1, seed=0)


def read_run(folder):
    recipes.Recipe.load(folder / "run/config.json")
    run_folder.read_settings(folder / "run")
    callbacks.read_history(folder / "run/history.csv")
    callbacks.read_scores(folder / "run/scores.json", ("protocol", "data"))


def read_search(folder):
    search = Search.load(folder / "search")
    search.save(folder / "search")
    results.read(folder / "search")
    search.open(folder / "search")
    load_space(folder / "space.json")


def mutate_json(rng, path):
    """One value of the tree replaced by an odd one, taken out, or one put in."""
    tree = json.loads(path.read_text())
    places = []

    def walk(value):
        for key in value if isinstance(value, dict) else range(len(value)):
            places.append((value, key))
            if isinstance(value[key], dict | list):
                walk(value[key])

    walk(tree)
    parent, key = rng.choice(places)
    how = rng.random()
    if how < 0.7:
        parent[key] = rng.choice(ODD)
    elif how < 0.85:
        del parent[key]
    elif isinstance(parent, dict):
        parent[rng.choice(("x", "name", ""))] = rng.choice(ODD)
    path.write_text(json.dumps(tree))


def mutate_bytes(rng, path):
    """Cut, emptied, turned into something else, deleted, or with a few bytes changed."""
    content = bytearray(path.read_bytes())
    how = rng.randrange(6)
    if how == 0:
        content = content[: rng.randrange(len(content))]
    elif how == 1:
        content = rng.choice((b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 500, b"9" * 5_000))
    elif how == 2:
        path.unlink()
        return
    else:
        for _ in range(rng.choice((1, 1, 8))):
            content[rng.randrange(len(content))] = rng.randrange(256)
    path.write_bytes(content)


TARGETS = {
    "preset": (read_preset, ("preset/config.json", "preset/metadata.json", "preset/model.weights.h5")),
    "run": (read_run, ("run/config.json", "run/run.json", "run/history.csv", "run/scores.json")),
    "search": (read_search, ("search/search.json", "search/oracle.json", "search/trial_0/trial.json", "space.json")),
}
OFTEN = (("preset", 60), ("run", 120), ("search", 80))


@pytest.mark.parametrize(
    ("target", "count"),
    [*((target, 24) for target in TARGETS), *(pytest.param(*each, marks=pytest.mark.long) for each in OFTEN)],
)
def test_every_damage_is_read_right_or_refused_in_one_line(originals, tmp_path, monkeypatch, target, count):
    read, names = TARGETS[target]
    monkeypatch.setenv("HOME", str(originals / "home"))
    whole, refused = {name: (originals / name).read_bytes() for name in names}, 0
    shutil.copytree(originals, tmp_path / "copy")
    folder = tmp_path / "copy"
    read(folder)
    for seed in range(count):
        rng = random.Random(seed)
        name = names[seed % len(names)]
        for each, content in whole.items():
            (folder / each).write_bytes(content)
        mutate = mutate_json if name.endswith(".json") and rng.random() < 0.7 else mutate_bytes
        mutate(rng, folder / name)
        refused += refuses(lambda: read(folder), f"{seed}: {name}")
    assert refused > count / 3


def refuses(read, what):
    """Whether `read()` refuses, in one line; AssertionError for any other end."""
    try:
        read()
    except REFUSALS as error:
        assert str(error) and "\n" not in str(error) and len(str(error)) < 2_000, (what, str(error))
        return True
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
    return False


def rewritten(path, **members):
    """The archive with other members; a value of None leaves one out."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in {**content, **members}.items():
            archive.writestr(name, one)


@pytest.mark.parametrize("count", [12, pytest.param(24, marks=pytest.mark.long)])
def test_every_damage_inside_a_keras_file_is_refused_in_one_line(originals, tmp_path, count):
    with zipfile.ZipFile(originals / "gan.keras") as archive:
        config = archive.read("config.json")
        weights = archive.read("model.weights.h5")
    refused = 0
    for seed in range(count):
        rng = random.Random(seed)
        shutil.copy(originals / "gan.keras", tmp_path / "gan.keras")
        part = tmp_path / ("config.json" if seed % 4 else "weights")
        part.write_bytes(config if seed % 4 else weights)
        mutate_json(rng, part) if seed % 4 else mutate_bytes(rng, part)
        inside = "config.json" if seed % 4 else "model.weights.h5"
        rewritten(tmp_path / "gan.keras", **{inside: part.read_bytes() if part.exists() else b""})
        refused += refuses(lambda: wk.load_model(tmp_path / "gan.keras"), f"{seed}: {inside}")
    assert refused > count / 4


# One of each kind, with what it is told.


def test_a_config_of_blanks_is_refused_before_it_is_unpacked(originals, tmp_path, monkeypatch):
    path = shutil.copy(originals / "gan.keras", tmp_path / "gan.keras")
    rewritten(path, **{"config.json": b" " * (JSON_LIMIT + 1)})
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    monkeypatch.setattr(zipfile.ZipFile, "testzip", None)
    with pytest.raises(ValueError, match=r"gan\.keras holds a config\.json of 16,777,217 bytes; expected at most"):
        wk.load_model(path)


def test_padded_weights_are_refused(originals, tmp_path):
    path = shutil.copy(originals / "gan.keras", tmp_path / "gan.keras")
    with zipfile.ZipFile(path) as archive:
        weights = archive.read("model.weights.h5")
    rewritten(path, **{"model.weights.h5": weights + bytes(2**22)})
    with pytest.raises(ValueError, match=r"model\.weights\.h5 has .* bytes and declares .* bytes of weights"):
        wk.load_model(path)


def test_a_layer_larger_than_the_weights_is_refused(originals, tmp_path):
    path = shutil.copy(originals / "gan.keras", tmp_path / "gan.keras")
    with zipfile.ZipFile(path) as archive:
        config = archive.read("config.json").decode().replace('"units": 16', '"units": 1000000000')
    rewritten(path, **{"config.json": config})
    with pytest.raises(ValueError, match=r"asks for a layer of size 1,000,000,000, and the weights are"):
        wk.load_model(path)


def test_a_json_file_is_measured_before_it_is_read(tmp_path):
    path = tmp_path / "metadata.json"
    with open(path, "wb") as file:
        file.truncate(JSON_LIMIT + 1)  # takes no disk
    with pytest.raises(ValueError, match=r"metadata\.json has 16,777,217 bytes; expected JSON of at most 16,777,216"):
        read_json(path)
    path.write_text('{"a":' * 100 + "1" + "}" * 100)
    with pytest.raises(ValueError, match="nested more than 64 deep"):
        read_json(path)
    path.write_text("[" * 200_000)
    with pytest.raises(ValueError, match="nested thousands deep"):
        read_json(path)
