"""Penalties, views and objectives on the command line."""

import pytest
from typer import BadParameter
from typer.testing import CliRunner

import wgan_keras as wk
from wgan_keras import data, training
from wgan_keras.cli import app
from wgan_keras.cli.options import part_of
from wgan_keras.recipes import Recipe


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("r1", {"name": "r1"}),
        ("gradient_penalty:weight=5,one_sided=true", {"name": "gradient_penalty", "weight": 5, "one_sided": True}),
        ("unrolled:rule=sgd,learning_rate=1e-3", {"name": "unrolled", "rule": "sgd", "learning_rate": 1e-3}),
        ("instance_noise:until=null", {"name": "instance_noise", "until": None}),
        ('diff_augment:policy=["flip","color"]', {"name": "diff_augment", "policy": ["flip", "color"]}),
        ("feature_matching:layer=a=b", {"name": "feature_matching", "layer": "a=b"}),
    ],
)
def test_a_part_is_a_name_and_arguments(text, part):
    assert part_of("--view", text) == part


@pytest.mark.parametrize("text", ["", ":k=2", "pack:", "pack:k", "pack:k=", "pack:=2", "pack:k=2,,"])
def test_another_form_is_refused_with_the_right_one(text):
    with pytest.raises(BadParameter, match=r"expected NAME\[:KEY=VALUE,...\], such as pack:k=2"):
        part_of("--view", text)


@pytest.mark.parametrize("text", ["pack:k=2,k=3", "pack:name=pack"])
def test_an_argument_is_given_once(text):
    with pytest.raises(BadParameter, match="expected each argument once"):
        part_of("--view", text)


@pytest.mark.usefixtures("eagerly")
def test_options_become_the_recipes_game_and_train(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "_HELD_OUT", 8)
    options = ["--penalty", "r1", "--penalty", "gradient_penalty:weight=5", "--view", "instance_noise:std=0.2,until=3"]
    options += ["--objective", "unrolled:steps=1,rule=sgd"]
    small = ["--game", "gan", "--data", "eight_gaussians", "--width", "1", "--batch-size", "8", "--iterations", "1"]
    result = CliRunner().invoke(app, ["train", *small, *options, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    game = Recipe.load(tmp_path / "config.json").game
    assert game["penalties"] == [{"name": "r1"}, {"name": "gradient_penalty", "weight": 5}]
    assert game["views"] == [{"name": "instance_noise", "std": 0.2, "until": 3}]
    assert game["objective"] == {"name": "unrolled", "steps": 1, "rule": "sgd"}
    again = wk.from_preset(tmp_path / "preset")
    assert again.objective == wk.objectives.Unrolled(1, "sgd")
    assert int(again.iterations) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--penalty", "dragon"], "names 'dragon' (did you mean 'dragan'?)"),
        (["--penalty", "r1:weigth=3"], "takes no 'weigth' (did you mean 'weight'?)"),
        (["--objective", "unrolled:steps=-1"], "'steps' is -1; expected a whole number"),
        (
            ["--micro-batch", "3"],
            "micro_batch is 3, and the batch size 256; expected a divisor of 256, such as 2 or 4.",
        ),
        (["--view", "pack:k"], "--view is 'pack:k'; expected NAME[:KEY=VALUE,...]"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(options, message, tmp_path):
    command = ["train", "--data", "eight_gaussians", *options, "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code and result.output.count("\n") == 1, result.output
    assert message in result.output


def test_what_the_data_do_not_decide_is_told_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "load_splits", None)
    (tmp_path / "run").mkdir()
    (tmp_path / "run/gan.keras").touch()
    for options, message in (
        (["--game", "wgan_pg"], "The game names 'wgan_pg' (did you mean 'wgan_gp'?)"),
        (["--ema-decay", "2"], "'ema_decay' is 2.0; expected"),
        (["--penalty", "r1:weigth=3"], "takes no 'weigth'"),
        (["--out", str(tmp_path / "run")], "holds a run already"),
    ):
        assert message in CliRunner().invoke(app, ["train", "--out", str(tmp_path / "new"), *options]).output
