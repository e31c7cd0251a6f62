"""The command, in this process, on the small real data."""

import collections
import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import sys
import typing

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from typer.testing import CliRunner

from wgan_keras import feature_cache, metrics, training
from wgan_keras.cli import app, export, sample, tune
from wgan_keras.cli.app import VERBS
from wgan_keras.export import FORMATS
from wgan_keras.metrics.extractors import EXTRACTORS, Extractor
from wgan_keras.models import exporting
from wgan_keras.recipes import Recipe
from wgan_keras.samples.forms import FORMS
from wgan_keras.tuning.search import TUNERS

FASHION = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"
SMALL = ["--width", "4", "--latent-dim", "8", "--batch-size", "8", "--iterations", "3"]


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("cli") / "run"
    result = run("train", "--data-dir", FASHION, "--out", out, *SMALL)
    assert result.exit_code == 0, result.output
    assert "Trained to iteration 3" in result.output
    return out


@pytest.mark.parametrize("verb", [verb for verb in VERBS if "pip install" in (VERBS[verb].__doc__ or "")])
def test_help_shows_brackets_as_they_are_written(verb):
    extra = re.search(r"'wgan_keras\[\w+\]'", VERBS[verb].__doc__)[0]
    assert extra in " ".join(run(verb, "--help").output.split())


def test_a_run_is_scored_by_the_weights_that_it_was_trained_with(trained, tmp_path, monkeypatch):
    def shades(weights):
        given.append(weights)
        return Extractor("shades", lambda images: (images.reshape(len(images), -1)[:, 400:402], None), {"sha256": "0"})

    given, out = [], shutil.copytree(trained, tmp_path / "run")
    monkeypatch.setattr(EXTRACTORS, "_registered", dict(EXTRACTORS))
    for name in ("shades", "tones"):
        metrics.register_extractor(name, takes_weights=True)(lambda weights: shades(weights))
    evaluation = {"evaluation": {"protocol": "fid_shades_8", "every": 1}}
    added = {"run.json": {"weights": "/their/file"}, "config.json": evaluation, "preset/config.json": evaluation}
    for file, fields in added.items():
        (out / file).write_text(json.dumps(json.loads((out / file).read_text()) | fields))
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: tmp_path)
    for arguments in ([out], [out / "preset"], [out / "gan.keras", "--weights", FASHION]):
        result = run("evaluate", *arguments, "--protocol", "fid_shades_8")
        assert result.exit_code == 0, result.output
    assert given == ["/their/file", "/their/file", FASHION]
    run("evaluate", out, "--protocol", "fid_tones_8")
    assert given.pop() is None, "weights of one extractor are none of another"


@pytest.mark.usefixtures("eagerly")
def test_a_home_folder_behind_an_equals_sign_is_meant(trained, tmp_path, monkeypatch):
    """Which the shell leaves to the program."""
    monkeypatch.setattr(training, "_HELD_OUT", 8)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(FASHION, tmp_path / "pictures")
    for arguments in (
        ["sample", trained, "-n", 1, "--out=~/one.png"],
        ["train", "--data-dir=~/pictures", "--out=~/runs/mine", *SMALL, "--iterations", 1, "--n-critic", 1],
    ):
        assert run(*arguments).exit_code == 0
    (tmp_path / "mine").mkdir()
    shutil.copytree(trained / "preset", tmp_path / "mine", dirs_exist_ok=True)
    refused = run("tune", "wgan_gp_swiss_roll", "--out=~/search", "--to-preset=~/mine")
    assert (refused.exit_code, "config.json that goes with" in refused.output) == (1, True), refused.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "one.png", "pictures", "runs"]
    assert run("sample", trained, "--out=~nobody-here/one.png").exit_code == 2


def test_what_the_help_offers_is_what_the_library_has():
    """The command says it again, as --help loads no framework."""
    assert list(sample.Form) == list(FORMS)
    assert list(export.Format) == list(FORMATS)
    assert list(export.Network) == list(typing.get_args(exporting.Role))
    assert list(export.Pixels) == list(typing.get_args(exporting.Pixels))
    assert list(tune.Tuner) == list(TUNERS)


def test_help_list_and_local_data_need_no_framework():
    """One after the other in a new process."""
    commands = [["--help"], *([verb, "--help"] for verb in VERBS), ["list"], ["list", "data"], ["data", "swiss_roll"]]
    script = f"""
import sys
from wgan_keras.cli import app
for arguments in {commands!r}:
    try:
        app(arguments)
    except SystemExit as end:
        assert not end.code, arguments
    loaded = [name for name in ("tensorflow", "keras", "jax", "torch") if name in sys.modules]
    assert not loaded, f"{{arguments}} imported {{loaded}}"
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_options_become_the_recipe(trained):
    recipe = Recipe.load(trained / "config.json")
    assert recipe.game == {"name": "wgan_gp", "ema_decay": 0.999, "seed": 0}
    assert recipe.generator["width"] == 4
    assert recipe.generator["latent_dim"] == 8
    assert (recipe.batch_size, recipe.iterations, recipe.data) == (8, 3, {"name": "fashion_mnist"})


def test_every_form_of_sample(trained, tmp_path):
    assert run("sample", trained, "--out", tmp_path / "s.npz", "-n", 5, "--seed", 1).exit_code == 0
    samples = np.load(tmp_path / "s.npz")["samples"]
    assert samples.shape == (5, 28, 28, 1)
    assert run("sample", trained / "gan.keras", "--out", tmp_path / "one", "-n", 5, "--seed", 1).exit_code == 0
    pixels = np.stack([np.asarray(Image.open(tmp_path / f"one/{i}.png")) for i in range(5)])
    assert np.abs(pixels / 127.5 - 1 - samples[..., 0]).max() <= 0.5 / 127.5 + 1e-6
    assert run("sample", trained / "preset", "--out", tmp_path / "p.npz", "-n", 5, "--seed", 1).exit_code == 0
    assert np.array_equal(np.load(tmp_path / "p.npz")["samples"], samples)
    assert run("sample", trained, "--out", tmp_path / "s.png", "-n", 6, "--columns", 3).exit_code == 0
    assert Image.open(tmp_path / "s.png").size == (3 * 58 + 2, 2 * 58 + 2)
    walk = ["--form", "interpolation", "-n", 6, "--columns", 3, "--seed", 1]
    assert run("sample", trained, "--out", tmp_path / "w.npz", *walk).exit_code == 0
    assert np.load(tmp_path / "w.npz")["samples"].shape == (6, 28, 28, 1)
    result = run("sample", trained, "--out", tmp_path / "w.npz", "--form", "interpolation", "-n", -5)
    assert (result.exit_code, "n is -5; expected a whole number, at least 1" in result.output) == (1, True)


def test_of_a_scored_run_the_best_state_is_drawn(trained, tmp_path):
    samples = []
    for seed in (1, 2):
        recipe = dataclasses.replace(Recipe.load(trained / "config.json"), game={"name": "gan", "seed": seed})
        recipe.compile(recipe.build()).save(tmp_path / f"{seed}.keras")
        assert run("sample", tmp_path / f"{seed}.keras", "--out", tmp_path / "s.npz", "--seed", 3).exit_code == 0
        samples.append(np.load(tmp_path / "s.npz")["samples"])
    (tmp_path / "run").mkdir()
    for i, name in enumerate(("gan", "best")):
        (tmp_path / f"{i + 1}.keras").rename(tmp_path / f"run/{name}.keras")
        assert run("sample", tmp_path / "run", "--out", tmp_path / "s.npz", "--seed", 3).exit_code == 0
        assert np.array_equal(np.load(tmp_path / "s.npz")["samples"], samples[i])


@pytest.mark.usefixtures("eagerly")
def test_samples_of_points_are_no_pictures_each(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "_HELD_OUT", 8)
    options = ["--data", "swiss_roll", "--width", 1, "--batch-size", 8, "--iterations", 1, "--epoch-iterations", 1]
    options += ["--micro-batch", 4, "--n-critic", 1]
    result = run("train", *options, "--learning-rate", 2e-4, "--out", tmp_path / "run")
    assert result.exit_code == 0, result.output
    recipe = Recipe.load(tmp_path / "run/config.json")
    optimizer = recipe.critic_optimizer
    assert optimizer == {"name": "adam", "learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.9}  # as without the option
    assert recipe.game["micro_batch"] == 4
    result = run("sample", tmp_path / "run", "--out", tmp_path / "folder")
    assert (result.exit_code, "draw them to a .png or an .npz" in result.output) == (1, True)
    assert not (tmp_path / "folder").exists()


@pytest.mark.usefixtures("eagerly")
def test_a_recipe_file_trains(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "_HELD_OUT", 8)
    samples, small = [], ["--game", "gan", "--network", "mlp", "--width", 1, "--batch-size", 8, "--iterations", 1]
    for name, what in (("one", small), ("two", [tmp_path / "one/config.json"])):
        result = run("train", *what, "--data-dir", FASHION, "--out", tmp_path / name)
        assert result.exit_code == 0, result.output
        assert run("sample", tmp_path / name, "--out", tmp_path / "s.npz", "--seed", 2).exit_code == 0
        samples.append(np.load(tmp_path / "s.npz")["samples"])
    assert np.array_equal(*samples)


def test_a_run_is_resumed_where_its_data_lay(trained, tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "nothing"))
    result = run("train", "--resume", "--out", trained)
    assert result.exit_code == 0, result.output
    assert "Nothing is left to train: the run is at iteration 3, the last of its recipe.\n" in result.output
    assert "Trained to iteration 3" in result.output


def test_where_data_lie_now_is_kept_unless_the_resume_is_refused(trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(FASHION, tmp_path / "elsewhere")
    before = (trained / "run.json").read_text()
    refused = run("train", "--resume", "--out", trained, "--data-dir", "elsewhere", "--weights", "missing.h5")
    assert (refused.exit_code, "has no evaluation to use them" in refused.output) == (1, True)
    assert (trained / "run.json").read_text() == before
    copy = shutil.copytree(trained, tmp_path / "copy")
    assert run("train", "--resume", "--out", copy, "--data-dir", "elsewhere").exit_code == 0
    assert json.loads((copy / "run.json").read_text())["data_dir"] == str(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "r.json", "--iterations", "9", "--seed", "3"], "--iterations, --seed would change nothing here"),
        (["train", "--resume", "--epoch-iterations", "9"], "--epoch-iterations would change nothing here"),
        (["tune", "--iterations", "9"], "--iterations would change nothing here"),
    ],
)
def test_options_that_would_change_nothing_are_refused(arguments, message, tmp_path):
    result = run(*arguments, "--out", tmp_path)
    assert (result.exit_code, message in result.output) == (1, True), result.output


@pytest.mark.usefixtures("eagerly")
def test_a_folder_of_pictures_is_checked_and_trained_on(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for i in range(50):
        size = (20 + i, 40)
        pixels = rng.integers(0, 256, (*size, 3), dtype="uint8")
        Image.fromarray(pixels).convert(("RGB", "L", "P")[i % 3]).save(pictures / f"{i}.png")
    monkeypatch.chdir(tmp_path)
    options = ["--data", "pictures", "--image-size", 8, "--game", "wgan", "--n-critic", 2, *SMALL]
    result = run("train", *options, "--batch-size", 46, "--out", tmp_path / "run")
    assert (result.exit_code, "batch_size=46 for 45 rows" in result.output) == (1, True), result.output
    decoded, decode = collections.Counter(), PngImageFile.load_prepare
    with monkeypatch.context() as patch:
        patch.setattr(PngImageFile, "load_prepare", lambda self: (decoded.update([self.filename]), decode(self)))
        result = run("train", *options, "--out", tmp_path / "run")  # the folder is free still
    assert result.exit_code == 0, result.output
    of_pictures = [n for name, n in decoded.items() if pathlib.Path(name).parent.name == "pictures"]
    assert of_pictures == [1] * 50  # once each
    assert "50 pictures, 0 unreadable" in result.output
    recipe = Recipe.load(tmp_path / "run/config.json")
    assert recipe.generator["image_shape"] == [8, 8, 3]
    assert recipe.data["name"] == str(pictures)  # to be found from elsewhere too
    (pictures / "7.png").write_bytes(b"not a picture")
    result = run("train", *options, "--out", tmp_path / "run2")
    assert result.exit_code == 1
    assert "7.png" in result.output
    assert not (tmp_path / "run2").exists()


def test_a_truncated_model_and_a_wrong_ending_are_one_line(trained, tmp_path):
    whole = (trained / "gan.keras").read_bytes()
    (tmp_path / "cut.keras").write_bytes(whole[: len(whole) // 2])
    result = run("sample", tmp_path / "cut.keras")
    assert (result.exit_code, "is not a whole .keras file" in result.output) == (1, True)
    result = run("sample", trained, "--out", tmp_path / "s.jpg")
    assert (result.exit_code, "ends in .png or .npz" in result.output) == (1, True)


def test_more_samples_than_memory_holds_are_refused_with_their_size(trained, tmp_path):
    result = run("sample", trained, "--out", tmp_path / "s.npz", "-n", 2**31)
    assert result.exit_code == 1
    assert "2,147,483,648 samples would take 12.3 TiB of memory" in result.stderr
