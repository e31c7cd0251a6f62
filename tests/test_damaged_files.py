"""Whatever happens to a file, it is read right or refused in one line that names it; seeded, a few hundred times."""

import json
import random
import shutil
import zipfile

import h5py
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import callbacks, data, presets, recipes, training
from wgan_keras.files.reading import JSON_LIMIT, read_json
from wgan_keras.files.saving import sha256
from wgan_keras.recipes import standard
from wgan_keras.tuning import results
from wgan_keras.tuning.search import Search
from wgan_keras.tuning.space import load_space
from wgan_keras.tuning.timer import Stopwatch

RECIPE = standard({"name": "wgan_gp", "ema_decay": 0.9}, {"name": "eight_gaussians"}, (2,), width=2, iterations=2)
SPACE = {"game.n_critic": {"kind": "choice", "values": [1, 2]}}
ODD = (None, True, -1, 0, 10**9, 10**40, 1e308, float("nan"), "", "x\ny", [], {}, [None], {"name": None}, [[]] * 3)
REFUSALS = (ValueError, FileNotFoundError, FileExistsError)


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """A preset, a `.keras` file, a run's and a search's files, as they should be."""
    folder = tmp_path_factory.mktemp("originals")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder / "home"))
        model = RECIPE.compile(RECIPE.build())
        model.fit(np.random.default_rng(0).normal(size=(20, 2)), batch_size=4, verbose=0)
        model.save(folder / "gan.keras")
        presets.save(model, RECIPE, folder / "preset")
        (folder / "run").mkdir()
        RECIPE.save(folder / "run/config.json")
        given = {"data_dir": None, "epoch_iterations": 2, "weights": None, "data_sha256": "0" * 64}
        (folder / "run/run.json").write_text(json.dumps(given))
        (folder / "run/history.csv").write_text("epoch,iteration,seconds,loss\n1,2,0.5,0.25\n2,4,0.5,\n")
        history = [{"epoch": i, "iteration": 2 * i, "w1": 1 / i} for i in (1, 2)]
        scores = {"protocol": "w1_pixels_64", "data": {}, "best": history[1], "last": history[1], "history": history}
        (folder / "run/scores.json").write_text(json.dumps(scores))
        (folder / "space.json").write_text(json.dumps(SPACE))
        search = Search(RECIPE, SPACE, "w1_pixels_64", iterations=2, epoch_iterations=1, trials=2)
        search.save(folder / "search")
        search.run(folder / "search")
        yield folder


def read_preset(folder):
    wk.from_preset(folder / "preset").sample(1, seed=0)


def read_run(folder):
    recipes.Recipe.load(folder / "run/config.json")
    training._read_settings(folder / "run/run.json")
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


TARGETS = [
    (read_preset, ("preset/config.json", "preset/metadata.json", "preset/model.weights.h5"), 60),
    (read_run, ("run/config.json", "run/run.json", "run/history.csv", "run/scores.json"), 120),
    (read_search, ("search/search.json", "search/oracle.json", "search/trial_0/trial.json", "space.json"), 80),
]


@pytest.mark.parametrize(("read", "names", "count"), TARGETS, ids=["preset", "run", "search"])
def test_every_damage_is_read_right_or_refused_in_one_line(originals, tmp_path, monkeypatch, read, names, count):
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


def test_every_damage_inside_a_keras_file_is_refused_in_one_line(originals, tmp_path):
    with zipfile.ZipFile(originals / "gan.keras") as archive:
        config = archive.read("config.json")
        weights = archive.read("model.weights.h5")
    refused = 0
    for seed in range(24):
        rng = random.Random(seed)
        shutil.copy(originals / "gan.keras", tmp_path / "gan.keras")
        part = tmp_path / ("config.json" if seed % 4 else "weights")
        part.write_bytes(config if seed % 4 else weights)
        mutate_json(rng, part) if seed % 4 else mutate_bytes(rng, part)
        inside = "config.json" if seed % 4 else "model.weights.h5"
        rewritten(tmp_path / "gan.keras", **{inside: part.read_bytes() if part.exists() else b""})
        refused += refuses(lambda: wk.load_model(tmp_path / "gan.keras"), f"{seed}: {inside}")
    assert refused > 6


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


@pytest.fixture
def preset(originals, tmp_path):
    return shutil.copytree(originals / "preset", tmp_path / "preset")


def change(path, **fields):
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


@pytest.mark.parametrize(
    ("part", "fields", "message"),
    [
        ("generator", {"units": 10**9}, r"'units' is 1000000000; expected .* at most 131,072"),
        ("generator", {"units": 131_072}, r"config\.json is of networks with .* parameters, and metadata\.json says"),
        ("generator", {"latent_dim": 10**9}, r"'latent_dim' is 1000000000; expected .* at most 65,536"),
        ("critic", {"depth": 100_000}, r"'depth' is 100000; expected .* at most 1,000"),
    ],
)
def test_absurd_networks_are_refused_before_they_are_built(preset, monkeypatch, part, fields, message):
    monkeypatch.setattr(recipes.Recipe, "build_for_weights", None)
    change(preset / "config.json", **{part: {**getattr(RECIPE, part), **fields}})
    with pytest.raises(ValueError, match=message):
        wk.from_preset(preset)


@pytest.mark.parametrize("count", [-5, 0, 7])
def test_metadata_of_another_model_are_refused(preset, count):
    change(preset / "metadata.json", parameters={"generator": count, "critic": 641})
    with pytest.raises(ValueError, match=f"'generator'(:| is) {count}|'generator': {count}"):
        wk.from_preset(preset)


def store(preset, values):
    """Every float of the preset's weights replaced, and the sha256 that goes with them."""
    with h5py.File(preset / "model.weights.h5", "r+") as file:
        names = []
        file.visititems(lambda name, each: names.append(name) if isinstance(each, h5py.Dataset) else None)
        for name in names:
            if file[name].dtype.kind == "f":
                new = values(file[name][()])
                del file[name]
                file[name] = new
    change(preset / "metadata.json", weights_sha256=sha256(preset / "model.weights.h5"))


def test_weights_of_nothing_but_nan_or_of_another_dtype_are_refused(preset):
    store(preset, lambda array: array.astype("float64"))
    with pytest.raises(ValueError, match=r"model\.weights\.h5 has '.*' in float64; expected float32"):
        wk.from_preset(preset)
    store(preset, lambda array: np.full_like(array, np.nan, "float32"))
    with pytest.raises(ValueError, match="has nothing but NaN in"):
        wk.from_preset(preset)


@pytest.mark.parametrize("length", [-1, 0, True, 1.5, "2"])
def test_a_length_of_epochs_that_is_none_is_refused(originals, tmp_path, length):
    shutil.copytree(originals / "run", tmp_path / "run")
    change(tmp_path / "run/run.json", epoch_iterations=length)
    with pytest.raises(ValueError, match=r"run\.json is damaged: 'epoch_iterations' is .*; expected a whole number"):
        training.resume(tmp_path / "run")
    if isinstance(length, int):
        with pytest.raises(ValueError, match=r"epoch_iterations is .*; expected a whole number, at least 1"):
            training.start(RECIPE, tmp_path / "new", epoch_iterations=length)


def test_a_cut_row_of_a_history_is_named(originals, tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,iteration,seconds,loss\n1,2,0.5,0.25\n2,4,0\n")
    with pytest.raises(ValueError, match=r"history\.csv is damaged in row 2: .* cells"):
        callbacks.read_history(path)


@pytest.mark.parametrize("content", ["", "{}", '{"history": 3}', '{"history": [{"epoch": 1}]}'])
def test_scores_that_are_none_are_refused(tmp_path, content):
    (tmp_path / "scores.json").write_text(content)
    with pytest.raises(ValueError, match=r"scores\.json is damaged: .* or delete the file"):
        callbacks.read_scores(tmp_path / "scores.json")


@pytest.mark.parametrize("name", ["oracle.json", "trial_0/trial.json"])
def test_a_search_that_lost_a_file_says_which(originals, tmp_path, name):
    out = shutil.copytree(originals / "search", tmp_path / "search")
    (out / name).unlink()
    search = Search.load(out)

    def go_on():
        search.save(out)
        search.open(out)

    with pytest.raises(ValueError, match=r"oracle\.json.*trial_0.*Copy the search again|trial_0.*no oracle\.json"):
        go_on()


def test_classes_of_ones_own_are_given_as_keras_has_it(tiny, tmp_path):
    import keras

    class Twice(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), Twice()])
    model = tiny(wk.WGAN, generator=generator)
    model.save(tmp_path / "gan.keras")
    with pytest.raises(ValueError, match=r"^[^\n]*gan\.keras could not be loaded: [^\n]*custom_objects=[^\n]*$"):
        wk.load_model(tmp_path / "gan.keras")
    again = wk.load_model(tmp_path / "gan.keras", custom_objects={"Twice": Twice})
    assert np.array_equal(again.sample(3, seed=0), model.sample(3, seed=0))


def test_a_cache_lies_in_the_users_folder_and_is_made_again_when_a_split_is_missing(tmp_path, monkeypatch):
    from wgan_keras import scoring

    monkeypatch.setenv("HOME", str(tmp_path))
    first = scoring.reference("w1_pixels_64", "eight_gaussians")
    (path,) = (tmp_path / ".cache/wgan_keras").iterdir()
    with np.load(path) as kept:
        rest = {name: kept[name] for name in kept if name != "train"}
    np.savez(path, **rest)
    assert np.array_equal(scoring.reference("w1_pixels_64", "eight_gaussians").train.features, first.train.features)
    assert data.SPLITS[0] in np.load(path)


@pytest.mark.parametrize("content", [b"", b"soon", b"nan", b"-1", b"inf", b"\xff", b"9" * 5_000])
def test_seconds_that_are_no_number_are_refused(tmp_path, content):
    (tmp_path / "seconds.txt").write_bytes(content)
    with pytest.raises(ValueError, match=r"seconds\.txt is damaged: it holds .*; expected a number of seconds\. Copy"):
        Stopwatch(tmp_path / "seconds.txt")


def test_a_search_that_lost_its_tuner_is_not_begun_again(originals, tmp_path):
    folder = shutil.copytree(originals / "search", tmp_path / "search")
    (folder / "tuner.json").unlink()
    with pytest.raises(ValueError, match=r"has trials, as trial_0, and no tuner\.json to go on by"):
        Search.load(folder).save(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b"9", b"\xff", b"[" * 100_000])
def test_a_search_with_a_damaged_tuner_is_refused(originals, tmp_path, content):
    folder = shutil.copytree(originals / "search", tmp_path / "search")
    (folder / "tuner.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"tuner\.json is damaged: it .*\. Copy the search again, or begin another"):
        Search.load(folder).open(folder)
