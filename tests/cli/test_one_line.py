"""What fails in the command ends in one line."""

import os
import pathlib
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import wgan_keras as wk
from wgan_keras.cli import app
from wgan_keras.games import GAMES
from wgan_keras.presets import store
from wgan_keras.recipes import standard
from wgan_keras.samples import writing

FASHION = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_a_damaged_zoo_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/metadata.json").write_text("{")
    (tmp_path / "mine/config.json").write_text("{}")
    monkeypatch.setattr(store, "ZOO", tmp_path)
    result = run("list")
    assert (result.exit_code, "metadata.json is damaged" in result.output) == (1, True)
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--data", "fashionmnist"], "did you mean 'fashion_mnist'"),
        (["train", "--data", "fashionmnist"], "in a module that is imported first (in the command: --import FILE)"),
        (["train", "--data", "swiss_roll", "--game", "wgan_pg"], "(did you mean 'wgan_gp'?)"),
        (
            ["train", "--data", "swiss_roll", "--network", "vit"],
            "network is 'vit', and no network 'vit_generator' is registered; expected 'dcgan' or 'mlp' or 'resnet'",
        ),
        (["train", "--data", "eight_gaussians", "--network", "dcgan"], "expected (height, width, channels)"),
        (
            ["train", "--data", "swiss_roll", "--epoch-iterations", -5],
            "epoch_iterations is -5; expected a whole number, at least 1",
        ),
        (["sample", "missing.keras"], "There is no file missing.keras"),
        (["train", "missing.json"], "There is no recipe missing.json"),
        (["train", "--data-dir", FASHION, "--batch-size", "2000", "--iterations", "1"], "batch_size=2000"),
    ],
)
def test_what_the_user_can_mend_is_one_line(arguments, message, tmp_path):
    out = [] if arguments[0] == "sample" else ["--out", tmp_path / "run"]
    result = run(*arguments, *out)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "run/gan.keras").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--iterations", "ten"], "'--iterations': 'ten' is not a valid integer, "),
        (["train", "--learning-rate", "x"], "'--learning-rate': 'x' is not a valid number, "),
        (["tune", "x", "--at", "last"], "'--at': 'last' is not one of 'best', 'end'. See"),
        (["train", "--nope"], "No such option: --nope. See"),
    ],
)
def test_a_wrong_option_is_one_line_that_says_what_came(arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert message in result.output and ". See: " in result.output


def test_an_output_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = run("train", "--data-dir", FASHION, "--out", tmp_path / "file/run")
    assert result.exit_code == 1
    assert "cannot be written (Not a directory); choose another folder" in result.output
    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("history"), "This is a fault of the library: KeyError: 'history' Run the same with --debug"),
        (MemoryError(), "Memory ran out (MemoryError). Ask for less"),
        (PermissionError(13, "Permission denied", "a.png"), "a.png: Permission denied."),
        (RuntimeError("two\nlines"), "two lines"),
    ],
)
def test_every_error_is_one_line_and_debug_shows_the_rest(monkeypatch, error, told):
    def broken(*arguments, **options):
        raise error

    monkeypatch.setattr(writing, "write", broken)
    result = run("sample", "x")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith(f"wgan-keras: {told}")
    result = run("sample", "x", "--debug")
    assert "Traceback (most recent call last)" in result.stderr and "in broken" in result.stderr
    assert result.stderr.splitlines()[-1].startswith(f"wgan-keras: {told}")


def test_a_game_that_no_file_can_hold_is_refused_before_it_trains(monkeypatch, tmp_path):
    monkeypatch.setattr(GAMES, "_registered", dict(GAMES))

    @wk.register_game("undeclared")
    class Undeclared(wk.GAN):
        def __init__(self, generator, critic, *, alpha: float = 1.0, **kwargs):
            super().__init__(generator, critic, **kwargs)

    standard({"name": "undeclared", "alpha": 7.0}, {"name": "swiss_roll"}, (2,), width=1).save(tmp_path / "mine.json")
    result = run("train", tmp_path / "mine.json", "--out", tmp_path / "run")
    assert result.stderr.startswith("wgan-keras: Undeclared takes alpha, and its configuration does not say it")
    assert (result.exit_code, result.stderr.count("\n"), list(tmp_path.glob("run/*.json"))) == (1, 1, [])


@pytest.mark.parametrize("backend", ["nope", "torch"])
def test_another_backend_is_one_line(backend):
    script = "import sys; sys.argv = ['wgan-keras', 'sample', 'x']; from wgan_keras.cli import app; app()"
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith(f"wgan-keras: KERAS_BACKEND is {backend!r}, and wgan_keras trains on TensorFlow")
