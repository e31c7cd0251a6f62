"""Every preset of the zoo, and one made here of a run of seconds, goes on making what its metadata say."""

import contextlib
import functools
import json
import pathlib

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from typer.testing import CliRunner

import wgan_keras as wk
from benchmarks import pages
from tools.zoo import __main__ as maker, card, gallery, golden, scores
from wgan_keras import callbacks, data, feature_cache, presets, training
from wgan_keras.cli import app
from wgan_keras.data import fashion_mnist
from wgan_keras.presets import files, store, table
from wgan_keras.recipes import standard

FASHION = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"
TOY = "a_toy_made_here"
EVALUATION = {"protocol": "w1_pixels_100", "every": 2}
OF_THE_TOY = ("modes_eight_gaussians_1k", "w1_pixels_100")  # in place of the protocols of a toy's card


@contextlib.contextmanager
def few_steps():
    """Run eagerly, with few images held out: they take less time than to trace one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_HELD_OUT", 8)
        tf.config.run_functions_eagerly(True)
        try:
            yield
        finally:
            tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def run(tmp_path_factory, shallow):
    out = tmp_path_factory.mktemp("runs") / "toy"
    game = {"name": "wgan_gp", "n_critic": 1, "ema_decay": 0.9, "seed": 1}
    fields = {"width": 2, "batch_size": 16, "iterations": 4, "evaluation": EVALUATION}
    with few_steps():
        training.start(shallow(standard(game, {"name": "eight_gaussians"}, (2,), **fields)), out)
    return out


@pytest.fixture(scope="module")
def zoo(run, tmp_path_factory):
    """A zoo of one preset, made from that run."""
    folder = tmp_path_factory.mktemp("zoo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ZOO", folder)
        patch.setattr(feature_cache, "cache_folder", lambda: folder / ".cache")
        patch.setattr(scores, "protocols", lambda recipe: OF_THE_TOY)
        patch.setattr(golden, "protocol", lambda recipe: EVALUATION["protocol"])
        assert maker.make(run, TOY, "two cores of a test") == folder / TOY
    return folder


opened = functools.cache(wk.from_preset)


@pytest.fixture
def zoo_of(request, monkeypatch):
    """zoo_of(name): the folder of a built-in preset, or of the toy, in the zoo that is then the one in use."""

    def locate(name):
        if name == TOY:
            monkeypatch.setattr(store, "ZOO", request.getfixturevalue("zoo"))
            monkeypatch.setattr(golden, "protocol", lambda recipe: EVALUATION["protocol"])
        return store.locate(name)

    return locate


# One of each kind: points, pictures, classes, color; and for scores one alone, as the same samples have the same score.
QUICK = ("gan_eight_gaussians", "wgan_gp_fashion_mnist", "wgan_gp_fashion_mnist_labels", "wgan_gp_emoji")
SCORED = ("wgan_gp_fashion_mnist",)


@pytest.fixture(
    params=[*(pytest.param(n, marks=[] if n in QUICK else pytest.mark.long) for n in wk.list_presets()), TOY]
)
def preset(request, zoo_of):
    """(folder, model, recipe, metadata) of every built-in preset, and of the toy."""
    folder = zoo_of(request.param)
    return folder, opened(request.param), presets.open_recipe(folder), files.read_metadata(folder)


def test_a_preset_makes_the_samples_that_it_always_made(preset):
    _, model, recipe, metadata = preset
    kept = metadata["golden"]
    assert golden.distance(golden.sample_values(model), kept["samples"]) <= golden.close(recipe)
    assert kept["protocol"] == golden.protocol(recipe)


def with_its_need(name):
    needs = {"fashion_mnist": pytest.mark.needs_fashion_mnist, "emoji": pytest.mark.needs_emoji}
    needs |= {name: pytest.mark.needs_drawn for name in ("emoji_families", "avatars")}
    data_name = presets.open_recipe(name).data["name"]
    long = [] if name in SCORED else [pytest.mark.long]
    return pytest.param(name, marks=[*long, *([needs[data_name]] if data_name in needs else [])])


@pytest.mark.parametrize("preset", [*map(with_its_need, wk.list_presets()), TOY], indirect=True)
def test_a_preset_reaches_the_score_that_it_always_reached(preset):
    _, model, recipe, metadata = preset
    kept = metadata["golden"]
    assert golden.score(model, recipe) == pytest.approx(kept["score"], abs=kept["tolerance"])


@pytest.mark.parametrize("name", [*wk.list_presets(), TOY])
def test_a_preset_is_whole_and_its_card_is_that_of_its_metadata(name, zoo_of, tmp_path):
    folder = zoo_of(name)
    recipe, metadata = presets.open_recipe(folder), files.read_metadata(folder)
    held = {path.name for path in folder.iterdir()}
    whole = {*files.FILES, "README.md", "samples.png", "curves.png", "history.csv"}
    assert held - {"neighbors.png"} == whole
    before = (folder / "README.md").read_text()
    copy = tmp_path / folder.name
    copy.mkdir()
    for name in held - {"README.md"}:
        (copy / name).write_bytes((folder / name).read_bytes())
    card.write(copy)
    assert (copy / "README.md").read_text() == before
    best, final = (metadata["scores"][state] for state in ("best", "final"))
    assert best["iteration"] <= final["iteration"] == recipe.iterations


def test_the_zoo_stays_under_120_mb():
    assert sum(path.stat().st_size for path in store.ZOO.rglob("*") if path.is_file()) < 120e6


def test_other_weights_fail_the_golden_test(zoo, monkeypatch):
    monkeypatch.setattr(store, "ZOO", zoo)
    model, kept = wk.from_preset(TOY), files.read_metadata(zoo / TOY)["golden"]
    for weight in model.sampler.trainable_variables:
        weight.assign(weight * 1.01)
    assert golden.distance(golden.sample_values(model), kept["samples"]) > golden.close(presets.open_recipe(TOY))


def test_the_card_states_what_the_run_did(run, zoo):
    metadata = files.read_metadata(zoo / TOY)
    kept = json.loads((run / "scores.json").read_text())
    assert metadata["scores"]["best"]["iteration"] == kept["best"]["iteration"]
    rows = callbacks.read_history(run / "history.csv")
    assert metadata["seconds"] == round(sum(row["seconds"] for row in rows))
    assert list(metadata["scores"]["best"]["protocols"]) == list(OF_THE_TOY)
    assert metadata["scores"]["real_against_real"][OF_THE_TOY[0]]["modes_covered"] == 8
    assert metadata["data"]["license"] == "none needed"


def test_the_best_state_is_the_presets(run, zoo, monkeypatch):
    monkeypatch.setattr(store, "ZOO", zoo)
    best = wk.load_model(run / "best.keras")
    assert np.array_equal(wk.from_preset(TOY).sample(5, seed=3), best.sample(5, seed=3))


def test_the_command_knows_presets_by_name(zoo, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "ZOO", zoo)
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: zoo / ".cache")

    def command(*arguments):
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        assert result.exit_code == 0, result.output
        return result.output

    heads, row = command("list").splitlines()
    assert heads.split() == list(table.HEADINGS)
    assert row.split()[:3] == [TOY, "wgan_gp", "eight_gaussians"]
    assert "/8 modes" in row
    command("sample", TOY, "--out", tmp_path / "s.npz", "-n", 5, "--seed", 3)
    assert np.array_equal(np.load(tmp_path / "s.npz")["samples"], wk.from_preset(TOY).sample(5, seed=3))
    assert "wasserstein_1" in command("evaluate", TOY, "--protocol", "w1_pixels_100", "--data", "eight_gaussians")
    with few_steps():
        command("train", TOY, "--out", tmp_path / "again")
    again = wk.load_model(tmp_path / "again/best.keras")
    assert np.array_equal(again.sample(5, seed=3), wk.from_preset(TOY).sample(5, seed=3))


def test_the_pages_get_their_presets_between_the_markers(zoo, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "ZOO", zoo)
    monkeypatch.setattr(gallery, "MAIN", (TOY,))
    texts = {}
    for name in ("presets", "zoo"):
        begin, end = pages.markers(name)
        monkeypatch.setitem(pages.PAGES, name, tmp_path / f"{name}.md")
        pages.PAGES[name].write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    gallery.write()
    for name in ("presets", "zoo"):
        texts[name] = text = pages.PAGES[name].read_text()
        assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert f"](../zoo/{TOY}/samples.png)" in texts["zoo"]
    assert f"| [{TOY}](../zoo/{TOY}/README.md) | wgan_gp |" in texts["zoo"]
    assert f"| [{TOY}](zoo/{TOY}/README.md) | eight_gaussians | " in texts["presets"]


@pytest.mark.parametrize(("name", "made"), [("presets", gallery.few), ("zoo", gallery.markdown)])
def test_the_pages_tables_are_those_of_the_zoo(name, made):
    text = pages.PAGES[name].read_text()
    assert pages.between_markers(text, name, made()) == text


@pytest.mark.parametrize(
    ("name", "classes", "expected"),
    [
        ("eight_gaussians", None, ("modes_eight_gaussians_10k", "w1_pixels_2000")),
        ("emoji", None, ("fid_emoji_classifier_300", "swd_pixels_300")),
        ("emoji_families", 9, ("fid_emoji_classifier_1k", "label_accuracy_emoji_classifier_1k", "swd_pixels_300")),
        ("cifar10", None, ("swd_pixels_300",)),
    ],
)
def test_color_is_scored_by_a_classifier_of_what_it_shows_where_there_is_one(name, classes, expected):
    evaluation = {"protocol": "swd_pixels_300", "every": 10}
    names = [str(number) for number in range(classes)] if classes else None
    recipe = standard(
        {"name": "wgan_gp"}, {"name": name}, (64, 64, 3), width=1, evaluation=evaluation, class_names=names
    )
    assert scores.protocols(recipe) == expected


def test_a_run_that_is_not_finished_makes_no_preset(run, zoo, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ZOO", tmp_path / "zoo")
    for file in maker._NEEDED:
        (tmp_path / file).write_bytes((run / file).read_bytes())
    config = json.loads((run / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "iterations": 8}))
    with pytest.raises(ValueError, match="is at iteration 4 of 8; train it to its end"):
        maker.make(tmp_path, "x", "")
    (tmp_path / "history.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"lacks history\.csv"):
        maker.make(tmp_path, "x", "")


@pytest.fixture(scope="module")
def images(tmp_path_factory, shallow):
    """A preset made of a run on the first Fashion-MNIST images, under quick protocols."""
    folder = tmp_path_factory.mktemp("images")
    recipe = standard(
        {"name": "gan", "ema_decay": 0.9, "seed": 1},
        {"name": "fashion_mnist"},
        (28, 28, 1),
        network="mlp",
        width=1,
        latent_dim=8,
        iterations=1,
        evaluation={"protocol": "w1_pixels_50", "every": 1},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ZOO", folder)
        patch.setattr(feature_cache, "cache_folder", lambda: folder / ".cache")
        patch.setenv("TFDS_DATA_DIR", str(folder / "nothing"))
        patch.setattr(fashion_mnist, "DEBIAN", FASHION)
        patch.setattr(scores, "protocols", lambda recipe: ("memorization_fashion_mnist_classifier_50",))
        patch.setattr(golden, "protocol", lambda recipe: recipe.evaluation["protocol"])
        with few_steps():
            training.start(shallow(recipe), folder / "run")
        return maker.make(folder / "run", "images", "a test")


def test_the_card_of_images_has_their_classes_and_neighbors(images):
    metadata = files.read_metadata(images)
    assert sum(metadata["scores"]["class_shares"]) == pytest.approx(1, abs=1e-4)
    text = (images / "README.md").read_text()
    assert "| Ankle boot |" in text and "![nearest neighbors](neighbors.png)" in text
    pairs = np.asarray(Image.open(images / "neighbors.png"))
    row = pairs.shape[0] // 2
    real = data.load_raw("fashion_mnist", "train", FASHION)[..., 0]
    below = pairs[row + 2 : row + 58 : 2, 2:58:2]  # one pixel of each 2x2 of the first picture
    assert (real == below).all(axis=(1, 2)).any()


def test_a_preset_is_retrainable_anywhere_or_is_none(images, tmp_path):
    for file in maker._NEEDED:
        (tmp_path / file).write_bytes((images.parent / "run" / file).read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    own = {**config, "data": {"name": "/home/me/pictures", "image_size": 28}}
    (tmp_path / "config.json").write_text(json.dumps(own))
    with pytest.raises(ValueError, match="The run's data are '/home/me/pictures'; anyone can retrain on fashion_mnist"):
        maker.make(tmp_path, "x", "")
