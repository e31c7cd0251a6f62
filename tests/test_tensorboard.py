"""Event files for TensorBoard, read again."""

import io
import pathlib
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tensorboard.plugins.hparams import metadata

import wgan_keras as wk
from wgan_keras import plots
from wgan_keras.pipelines.shuffling import subsample
from wgan_keras.recipes import standard
from wgan_keras.runtime import processes
from wgan_keras.tuning import hparams, results

SEARCH = pathlib.Path(__file__).parent / "fixtures/v0_1/search"


def events(folder):
    """{tag: {step: value}} of all event files below a folder; a histogram has rows (from, to, count)."""
    found = {}
    for file in sorted(pathlib.Path(folder).rglob("events.*")):
        for event in tf.compat.v1.train.summary_iterator(str(file)):
            for value in event.summary.value:
                of_trial = value.metadata.plugin_data.plugin_name == metadata.PLUGIN_NAME
                content = value.metadata.plugin_data.content if of_trial else tf.make_ndarray(value.tensor)
                found.setdefault(value.tag, {})[event.step] = content
    return found


def picture(stored):
    """The pixels of an image summary, which holds width, height and a PNG for each image."""
    _, _, png = stored
    with Image.open(io.BytesIO(png)) as opened:
        return np.asarray(opened)


@pytest.fixture(scope="module")
def game():
    keras.utils.set_random_seed(0)
    model = wk.WGAN(
        wk.networks.mlp_generator((4, 4, 1), 2, units=4, depth=1),
        wk.networks.mlp_critic((4, 4, 1), units=4, depth=1),
        n_critic=2,
        seed=0,
    )
    model.compile(run_eagerly=True)
    return model


def images(n):
    return np.random.default_rng(0).uniform(-1, 1, (n, 4, 4, 1)).astype("float32")


def test_logs_samples_weights_and_scores_come_by_iteration(game, tmp_path):
    board = wk.callbacks.TensorBoard(tmp_path, (images(300), np.arange(300)), n=4, seed=5)  # this game takes no labels
    logs = game.fit(images(16), batch_size=4, epochs=2, verbose=0, validation_data=images(4), callbacks=[board]).history
    found = events(tmp_path)
    for name, values in logs.items():  # two iterations an epoch
        np.testing.assert_allclose([float(found[name][step]) for step in (2, 4)], values, rtol=1e-6, err_msg=name)
    np.testing.assert_array_equal(picture(found["samples"][4]), np.asarray(plots.sample_sheet(game, 4, 5)))
    weights = {tag: steps[4] for tag, steps in found.items() if tag.startswith("critic/")}
    assert [rows[:, 2].sum() for rows in weights.values()] == [w.numpy().size for w in game.critic.trainable_weights]
    assert all(np.abs(rows[:, :2]).max() <= 0.01 + 1e-6 for rows in weights.values())  # they are clipped there
    for name, shown in (("real", images(300)[subsample(300, 256)]), ("samples", game.sample(256, seed=5))):
        rows, scores = found[f"scores/{name}"][4], np.asarray(game.critic(shown))
        assert rows[:, 2].sum() == 256
        np.testing.assert_allclose([rows[0, 0], rows[-1, 1]], [scores.min(), scores.max()], rtol=1e-5)


def test_pixels_are_scored_as_they_are_trained_on(game, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (4, 4, 4, 1), "uint8")
    board = wk.callbacks.TensorBoard(tmp_path, pixels, n=1)
    game.fit(wk.data.scale(pixels), batch_size=2, verbose=0, callbacks=[board])
    rows, scores = list(events(tmp_path)["scores/real"].values())[-1], np.asarray(game.critic(wk.data.scale(pixels)))
    np.testing.assert_allclose([rows[0, 0], rows[-1, 1]], [scores.min(), scores.max()], rtol=1e-5)


@pytest.fixture(scope="module")
def conditional():
    generator = wk.networks.mlp_generator((2,), 2, units=4, depth=1, classes=3)
    model = wk.GAN(generator, wk.networks.mlp_critic((2,), units=4, depth=1, classes=3), seed=0)
    model.compile(run_eagerly=True)
    return model


POINTS = np.zeros((4, 2), "float32")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (POINTS, "The networks take labels, and the images came alone"),
        ((POINTS, np.full(4, 3)), "A label is 3; expected whole numbers from 0 to 2"),
        ((POINTS.astype("int32"), np.zeros(4, int)), "The images are int32; expected floats"),
        ((POINTS + np.inf, np.zeros(4, int)), "The images hold NaN or infinity"),
        ((POINTS[:, :1], np.zeros(4, int)), "the generator makes"),
    ],
)
def test_what_could_not_be_scored_is_refused_before_the_first_step(conditional, tmp_path, given, expected):
    steps = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: pytest.fail("a step was taken"))
    board = wk.callbacks.TensorBoard(tmp_path, given, n=1)
    with pytest.raises(ValueError, match=f"TensorBoard cannot score the images that it was given.*{expected}"):
        conditional.fit(POINTS, np.zeros(4, int), batch_size=4, verbose=0, callbacks=[steps, board])


def test_other_arguments_than_can_be_are_refused_at_once(tmp_path):
    with pytest.raises(ValueError, match="There are 3 labels and 4 images"):
        wk.callbacks.TensorBoard(tmp_path, (POINTS, np.arange(3)))
    with pytest.raises(TypeError, match="a list_iterator of images; expected an array"):
        wk.callbacks.TensorBoard(tmp_path, iter([POINTS]))
    with pytest.raises(ValueError, match="n is 0; expected a whole number, at least 1"):
        wk.callbacks.TensorBoard(tmp_path, n=0)


def test_labels_go_with_the_images_that_are_scored(conditional, tmp_path):
    model = conditional
    points, labels = np.random.default_rng(0).normal(size=(12, 2)).astype("float32"), np.arange(12) % 3
    board = wk.callbacks.TensorBoard(tmp_path, (points, labels), n=4)
    model.fit(points, labels, batch_size=4, verbose=0, callbacks=[board])
    (rows,) = events(tmp_path)["scores/real"].values()
    scores = np.asarray(model.critic([points, np.eye(3, dtype="float32")[labels]]))
    np.testing.assert_allclose([rows[0, 0], rows[-1, 1]], [scores.min(), scores.max()], rtol=1e-5)


def test_what_has_no_picture_and_no_scores_is_left_out(tmp_path):
    model = wk.EBGAN(wk.networks.mlp_generator((3,), 2, units=4, depth=1), wk.networks.autoencoder_critic((3,)), seed=0)
    model.compile(run_eagerly=True)
    points = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
    model.fit(points, batch_size=4, verbose=0, callbacks=[wk.callbacks.TensorBoard(tmp_path, points)])
    found = events(tmp_path)
    assert "critic_loss" in found and any(tag.startswith("critic/") for tag in found)
    assert not any(tag.startswith(("samples", "scores/")) for tag in found)


def test_of_processes_that_train_together_the_first_alone_writes(tmp_path, tiny, monkeypatch):
    monkeypatch.setitem(processes._here, "index", 1)
    points = np.zeros((8, 2), "float32")
    board = wk.callbacks.TensorBoard(tmp_path / "board", points)
    grid = wk.callbacks.SampleGrid(tmp_path / "grid", n=4, log_dir=tmp_path / "log")
    tiny(wk.GAN, compile={"run_eagerly": True}).fit(points, batch_size=4, verbose=0, callbacks=[board, grid])
    assert list(tmp_path.iterdir()) == []


def test_the_trials_of_a_search_are_hparams(tmp_path):
    out = tmp_path / "search"
    shutil.copytree(SEARCH, out)
    (out / hparams.FOLDER / "train").mkdir(parents=True)  # of somebody else
    for _ in range(2):  # the second time in place of the first
        folder = hparams.write(out)
    assert sorted(path.name for path in folder.iterdir()) == ["train", "trial_0", "trial_1"]
    for row in results.read(out):
        run = folder / f"trial_{row['trial']}"
        assert len(list(run.iterdir())) == 1
        found = events(run)
        (start,) = found[metadata.SESSION_START_INFO_TAG].values()
        given = metadata.parse_session_start_info_plugin_data(start).hparams
        assert given["learning_rate"].number_value == row["learning_rate"]
        assert given["n_critic"].number_value == row["n_critic"]
        assert float(found["val_wasserstein_1"][20]) == pytest.approx(row["val_wasserstein_1"], rel=1e-6)


@pytest.mark.long
def test_a_run_on_two_devices_writes_its_epochs(tmp_path, shallow):
    sizes = {"width": 1, "batch_size": 8, "iterations": 2}
    recipe = standard({"name": "gan", "seed": 0}, {"name": "eight_gaussians"}, (2,), **sizes)
    shallow(recipe).save(tmp_path / "recipe.json")
    words = "--devices 2 --tensorboard --epoch-iterations 1"
    command = [sys.executable, "-m", "wgan_keras.cli", "train", tmp_path / "recipe.json", *words.split()]
    command += ["--out", tmp_path / "run"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(events(tmp_path / "run/tensorboard")["critic_loss"]) == {1, 2}
