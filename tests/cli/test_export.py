"""`wgan-keras export` and its refusals."""

import importlib.util

import numpy as np
import tensorflow as tf
from typer.testing import CliRunner

import wgan_keras as wk
from wgan_keras.cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["export", *(str(each) for each in arguments)])


def test_the_critic_of_a_preset_becomes_a_folder_of_tensorflow(tmp_path):
    done = run("wgan_swiss_roll", "--format", "savedmodel", "--network", "critic", "--out", tmp_path / "critic")
    assert (done.exit_code, done.output) == (0, f"Wrote the critic of wgan_swiss_roll to {tmp_path / 'critic'}.\n")
    points = np.random.default_rng(0).normal(size=(3, 2)).astype("float32")
    loaded = tf.saved_model.load(str(tmp_path / "critic"))
    scores = loaded.signatures["serving_default"](images=tf.constant(points))["scores"]
    np.testing.assert_allclose(scores, wk.from_preset("wgan_swiss_roll").critic(points), atol=1e-6)


def test_what_cannot_be_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for arguments, status, message in (
        (("--format", "onnx", "--out", tmp_path / "g.onnx"), 1, "pip install 'wgan_keras[export]'."),
        (("--format", "onnx", "--out", tmp_path / "g.tflite"), 1, "g.tflite; expected a name that ends in .onnx."),
        (("--format", "litert", "--out", tmp_path / "g.tflite", "--pixels", "uint8"), 1, "expected pictures"),
        (("--format", "onnx"), 2, "Missing option '--out'."),
    ):
        done = run("wgan_swiss_roll", *arguments)
        assert done.exit_code == status and message in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert list(tmp_path.iterdir()) == []
