"""What a run in a folder writes."""

import dataclasses
import json
import re
import types

import keras
import numpy as np
import pytest
from PIL import Image

import wgan_keras as wk
from wgan_keras import callbacks, data, load_model, presets, training
from wgan_keras.pipelines.shuffling import subsample
from wgan_keras.recipes import standard


def test_a_run_holds_what_it_says(uninterrupted):
    files = {p.relative_to(uninterrupted).as_posix() for p in uninterrupted.rglob("*") if p.is_file()}
    pictures = {f"samples/epoch_000{i}.png" for i in (1, 2, 3)} | {"samples.png", "curves.png"}
    preset = {f"preset/{name}" for name in ("config.json", "model.weights.h5", "metadata.json")}
    assert files == pictures | preset | {"config.json", "run.json", "gan.keras", "history.csv"}


def test_the_last_epoch_ends_at_the_last_iteration(uninterrupted):
    rows = callbacks.read_history(uninterrupted / "history.csv")
    assert [(row["epoch"], row["iteration"]) for row in rows] == [(1, 5), (2, 10), (3, 12)]
    assert np.isfinite(rows[-1]["val_wasserstein_estimate"])


@pytest.mark.usefixtures("quickly")
def test_a_run_that_keras_is_told_to_cut_short_ends_in_an_error(brief, tmp_path):
    keras.config.set_max_epochs(1)
    try:
        with pytest.raises(RuntimeError, match=r"no step after iteration 1 of 2\. If KERAS_MAX_EPOCHS is set"):
            training.start(dataclasses.replace(brief, iterations=2), tmp_path / "run", epoch_iterations=1)
    finally:
        keras.config.set_max_epochs(None)
    training.resume(tmp_path / "run")


@pytest.mark.usefixtures("eagerly")
def test_losses_that_compare_images_are_not_made_of_a_single_held_out_one(tmp_path, capsys):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for i in range(10):
        Image.new("L", (8, 8), 20 * i).save(pictures / f"{i}.png")
    fields = {"network": "mlp", "width": 1, "batch_size": 2, "iterations": 1}
    data_spec = {"name": str(pictures), "image_size": 8}
    training.start(standard({"name": "mmd_gan", "n_critic": 1}, data_spec, (8, 8, 1), **fields), tmp_path / "run")
    assert "There are no held-out losses: 1 held out, and they compare 2 images at least." in capsys.readouterr().out
    (row,) = callbacks.read_history(tmp_path / "run/history.csv")
    assert "squared_mmd" in row and "val_squared_mmd" not in row


def test_an_epoch_of_few_pictures_is_100_iterations_and_in_an_older_run_a_pass_over_them(tmp_path, monkeypatch):
    lengths = []
    monkeypatch.setattr(training, "_train", lambda *given: lengths.append(given[-1]))
    (tmp_path / "pictures").mkdir()
    for i in range(40):
        Image.new("L", (8, 8), i).save(tmp_path / f"pictures/{i:02d}.png")
    recipe = standard(
        {"name": "wgan", "n_critic": 2},
        {"name": str(tmp_path / "pictures"), "image_size": 8},
        (8, 8, 1),
        network="mlp",
        width=1,
        batch_size=2,
        iterations=200,
    )
    run = tmp_path / "run"
    training.start(recipe, run)
    settings = json.loads((run / "run.json").read_text())
    assert settings["epoch_iterations"] == 100
    training.resume(run)
    (run / "run.json").write_text(json.dumps({**settings, "epoch_iterations": None}))
    training.resume(run)
    training.start(recipe, tmp_path / "other", epoch_iterations=3)
    assert lengths == [100, 100, 36 // (2 * 2), 3]


def test_the_images_held_out_are_of_all_classes_and_in_an_older_run_the_first(tmp_path, monkeypatch):
    class Sorted(data.DataSet):
        """Points that say their class, in the order of the classes."""

        def read(self, location, split, image_size=None):
            return np.repeat(np.arange(10, dtype="float32"), 500)[:, None].repeat(2, axis=1)

    held_out = []
    monkeypatch.setattr(data.DATASETS, "_registered", {**data.DATASETS, "sorted": Sorted})
    monkeypatch.setattr(training, "_train", lambda *given: held_out.append(given[4][:, 0]))
    run = tmp_path / "run"
    training.start(standard({"name": "gan"}, {"name": "sorted"}, (2,), width=1, batch_size=8, iterations=4), run)
    training.resume(run)
    settings = json.loads((run / "run.json").read_text())
    del settings["held_out"]  # no earlier version says it
    (run / "run.json").write_text(json.dumps(settings))
    training.resume(run)
    counts = [np.bincount(points.astype(int), minlength=10) for points in held_out]
    assert [sum(each) for each in counts] == [2048] * 3 and min(counts[0]) > 150
    np.testing.assert_array_equal(counts[1], counts[0])
    np.testing.assert_array_equal(counts[2], [500] * 4 + [48] + [0] * 5)
    np.testing.assert_array_equal(subsample(2048, 2048), np.arange(2048))


def test_the_seconds_of_a_row_are_those_since_the_row_before(tiny, points, tmp_path, monkeypatch):
    """Every step takes one second of this clock, and the checkpoint, which comes after the history, ten."""
    model = tiny(wk.GAN, n_critic=1, compile={"run_eagerly": True})
    clock = types.SimpleNamespace(seconds=0, perf_counter=lambda: clock.seconds)
    monkeypatch.setattr(callbacks.history, "time", clock)

    def pass_by(seconds):
        clock.seconds += seconds

    steps = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: pass_by(1))
    checkpoint = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: pass_by(10))
    history = callbacks.IterationHistory(tmp_path / "history.csv")
    model.fit(points(12), batch_size=4, epochs=3, verbose=0, callbacks=[steps, history, checkpoint])
    assert [row["seconds"] for row in callbacks.read_history(tmp_path / "history.csv")] == [3, 13, 13]


def test_training_learns_and_the_average_differs_from_the_generator(uninterrupted, recipe, same):
    model, fresh = load_model(uninterrupted / "gan.keras"), recipe.build()
    assert not same(model.generator.get_weights(), fresh.generator.get_weights())
    assert not same(model.generator.get_weights(), model.generator_ema.get_weights())


@pytest.mark.usefixtures("quickly")
def test_rows_past_the_checkpoint_are_forgotten(tmp_path, brief):
    training.start(dataclasses.replace(brief, iterations=4), tmp_path / "run", epoch_iterations=2)
    before = (tmp_path / "run/history.csv").read_text()
    with open(tmp_path / "run/history.csv", "a") as file:
        file.write(before.splitlines()[-1].replace("2,4", "3,6", 1) + "\n")
    history = callbacks.IterationHistory(tmp_path / "run/history.csv")
    history.set_model(load_model(tmp_path / "run/gan.keras"))
    history.on_train_begin()
    assert [row["iteration"] for row in history.rows] == [2, 4]


def test_rows_of_a_history_stay_byte_for_byte(tiny, points, tmp_path):
    """Whole numbers, empty cells of an epoch cut short, and names with commas."""
    kept = b'epoch,iteration,seconds,"a, b",whole,val_fid\r\n1,3,0.5,8,8,1e-07\r\n2,6,0.5,8.0,9,\r\n'
    (tmp_path / "history.csv").write_bytes(kept + b"3,99,0.5,8,8,8\r\n")
    model = tiny(wk.GAN, n_critic=1, compile={"run_eagerly": True})
    model.generator_optimizer.iterations.assign(6)
    history = callbacks.IterationHistory(tmp_path / "history.csv")
    logs = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: logs.update({name: 8 for name in ("a, b", "whole", "val_fid")})
    )
    model.fit(points(12), batch_size=4, epochs=1, verbose=0, callbacks=[logs, history])
    lines = kept.splitlines(keepends=True)
    written = (tmp_path / "history.csv").read_bytes().splitlines(keepends=True)
    assert written[0].startswith(lines[0].rstrip())
    assert [line.rstrip(b",\r\n") for line in written[1:3]] == [line.rstrip(b",\r\n") for line in lines[1:3]]
    assert written[3].startswith(b"1,9,")
    assert [row["iteration"] for row in history.rows] == [3, 6, 9] and history.rows[0]["whole"] == 8


def test_sample_grids_of_all_epochs_share_their_latents(tmp_path, recipe):
    model = recipe.compile(recipe.build())
    grid = callbacks.SampleGrid(tmp_path, n=9, log_dir=tmp_path / "logs")
    grid.set_model(model)
    grid.on_epoch_end(0)
    grid.on_epoch_end(1)
    assert (tmp_path / "epoch_0001.png").read_bytes() == (tmp_path / "epoch_0002.png").read_bytes()
    assert list((tmp_path / "logs").glob("events.out.tfevents.*"))
    keras.utils.set_random_seed(9)
    grid.on_epoch_end(2)
    assert (tmp_path / "epoch_0003.png").read_bytes() == (tmp_path / "epoch_0001.png").read_bytes()


@pytest.mark.usefixtures("eagerly")
def test_the_bar_of_a_run_shorter_than_a_pass_ends_where_the_run_does(tmp_path, of_pictures, capsys):
    training.start(of_pictures(tmp_path / "pictures"), tmp_path / "run")
    bars = re.findall(r"\d+/\d+", capsys.readouterr().out)
    assert bars[-1] == "2/2" and {bar.split("/")[1] for bar in bars} == {"2"}, bars


@pytest.mark.usefixtures("eagerly")
def test_a_run_on_points_in_space_has_no_sheets_and_says_so_once(tmp_path, monkeypatch, capsys):
    class Helix(data.DataSet):
        def read(self, location, split, image_size=None):
            t = np.linspace(0, 9, 64, dtype="float32")
            return np.stack([np.cos(t), np.sin(t), t / 9], axis=1)

    monkeypatch.setattr(data.DATASETS, "_registered", {**data.DATASETS, "helix": Helix})
    given = {"width": 1, "batch_size": 8, "iterations": 4}
    recipe = standard({"name": "gan", "seed": 0}, {"name": "helix"}, (3,), **given)
    training.start(recipe, tmp_path / "run", epoch_iterations=2)
    assert capsys.readouterr().out.count("There are no sample grids: samples have shape ('n', 3); a picture") == 1
    assert not list(tmp_path.glob("run/**/epoch_*")) and not (tmp_path / "run/samples.png").exists()
    assert presets.from_preset(tmp_path / "run/preset").sample(2).shape == (2, 3)
