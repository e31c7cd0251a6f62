"""`wgan-keras evaluate`."""

import json
import pathlib

from typer.testing import CliRunner

from wgan_keras import presets, scoring
from wgan_keras.cli import app

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


def test_the_command_prints_a_table_and_writes_json(model, recipe, shallow, tmp_path):
    presets.save(model, shallow(recipe()), tmp_path / "preset")
    command = ["evaluate", str(tmp_path / "preset"), "--protocol", "prdc_pixels_300", "--data", "fashion_mnist"]
    command += ["--data-dir", str(SAMPLE), "--seed", "3"]
    result = CliRunner().invoke(app, [*command, "--json", str(tmp_path / "a.json")])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(app, [*command, "--json", str(tmp_path / "b.json")]).exit_code == 0
    report = json.loads((tmp_path / "a.json").read_text())
    assert report == json.loads((tmp_path / "b.json").read_text())
    assert report["protocol"]["name"] == "prdc_pixels_300"
    for name, score in report["scores"].items():
        assert f"{score:.4g}" in next(line for line in result.output.splitlines() if line.split()[:1] == [name])
    (tmp_path / "file").write_text("in the way")
    result = CliRunner().invoke(app, [*command, "--json", str(tmp_path / "file/c.json")])
    assert (result.exit_code, "precision" in result.output) == (1, True)  # the scores are not lost
    assert "could not be written" in result.output


def test_a_model_that_is_not_there_is_missed_before_the_data_are_read(monkeypatch, tmp_path):
    monkeypatch.setattr(scoring, "reference", None)
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path / "nowhere.keras")])
    assert (result.exit_code, "There is no file" in result.output) == (1, True), result.output
