"""A part of a preset, a run or a search that is absurd, cut or lost is named in one line."""

import json
import shutil

import h5py
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import callbacks, data, recipes, training
from wgan_keras.files.saving import sha256
from wgan_keras.tuning.search import Search
from wgan_keras.tuning.timer import Stopwatch


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
def test_absurd_networks_are_refused_before_they_are_built(recipe, preset, monkeypatch, part, fields, message):
    monkeypatch.setattr(recipes.Recipe, "build_for_weights", None)
    change(preset / "config.json", **{part: {**getattr(recipe, part), **fields}})
    with pytest.raises(ValueError, match=message):
        wk.from_preset(preset)


@pytest.mark.parametrize("count", [-5, 0, 7])
def test_metadata_of_another_model_are_refused(preset, count):
    change(preset / "metadata.json", parameters={"generator": count, "critic": 65})
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
def test_a_length_of_epochs_that_is_none_is_refused(recipe, originals, tmp_path, length):
    shutil.copytree(originals / "run", tmp_path / "run")
    change(tmp_path / "run/run.json", epoch_iterations=length)
    with pytest.raises(ValueError, match=r"run\.json is damaged: 'epoch_iterations' is .*; expected a whole number"):
        training.resume(tmp_path / "run")
    if isinstance(length, int):
        with pytest.raises(ValueError, match=r"epoch_iterations is .*; expected a whole number, at least 1"):
            training.start(recipe, tmp_path / "new", epoch_iterations=length)


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


def test_a_file_with_code_says_how_keras_is_told_to_run_it(tiny, tmp_path):
    import keras

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), keras.layers.Lambda(lambda x: 2 * x)])
    tiny(wk.GAN, generator=generator).save(tmp_path / "gan.keras")
    with pytest.raises(ValueError, match=r"a Lambda layer, which is code\. If .*enable_unsafe_deserialization\(\)"):
        wk.load_model(tmp_path / "gan.keras")


def test_classes_of_ones_own_are_given_as_keras_has_it(tiny, tmp_path):
    import keras

    class Twice(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    def half(x):
        return x / 2

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation=half), Twice()])
    model = tiny(wk.WGAN, generator=generator)
    model.save(tmp_path / "gan.keras")
    named = r"could not be loaded: it names 'half', 'Twice', which nothing here registers; import .* custom_objects=\.$"
    with pytest.raises(ValueError, match=named):
        wk.load_model(tmp_path / "gan.keras")
    with pytest.raises(ValueError, match=r"it names 'Twice', which"):
        wk.load_model(tmp_path / "gan.keras", custom_objects={"half": half})
    again = wk.load_model(tmp_path / "gan.keras", custom_objects={"half": half, "Twice": Twice})
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
