"""A preset that is not right is refused before its weights are opened."""

import os
import shutil

import pytest

import wgan_keras as wk
from wgan_keras.models.adversarial import AdversarialModel
from wgan_keras.presets import files, store


@pytest.fixture
def preset(saved, tmp_path, monkeypatch):
    """A copy to damage, whose weights nobody may open."""

    def opened(*arguments, **options):
        raise AssertionError("the weights were opened")

    monkeypatch.setattr(AdversarialModel, "load_weights", opened)
    return shutil.copytree(saved, tmp_path / "preset")


def test_a_class_takes_its_own_presets_alone(preset):
    with pytest.raises(ValueError, match=r"holds a WGANGP, not a WGAN; use .*WGANGP\.from_preset"):
        wk.WGAN.from_preset(preset)


def test_weights_that_changed_by_one_bit_are_not_opened(preset):
    content = bytearray((preset / "model.weights.h5").read_bytes())
    content[-1] ^= 1
    (preset / "model.weights.h5").write_bytes(content)
    with pytest.raises(ValueError, match=r"has sha256 .* Copy the preset again"):
        wk.from_preset(preset)


@pytest.mark.parametrize("name", files.FILES)
def test_a_link_to_outside_the_folder_is_not_followed(preset, tmp_path, name):
    os.rename(preset / name, tmp_path / name)
    (preset / name).symlink_to(tmp_path / name)
    with pytest.raises(ValueError, match=rf"{name} is a link to .*, outside the preset"):
        wk.from_preset(preset)


GOLDEN = {"seed": 0, "samples": [[0.5]], "protocol": "p", "score": 1, "tolerance": 1}
STATE = {"iteration": 1, "protocols": {"p": {"fid": {"mean": 1.5, "std": 0}}}}
SCORES = {"selection": "the last", "sampling_seeds": [0], "best": STATE, "final": STATE, "real_against_real": {}}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"format": 3}, "has preset format 3; this version of wgan_keras reads 1 and 2. Install a later one."),
        ({"weights": "/etc/passwd"}, "takes no 'weights' .did you mean 'weights_sha256'"),
        ({"iterations": "many"}, "'iterations' is 'many'; expected a whole number"),
        ({"iterations": True}, "'iterations' is True; expected a whole number"),
        ({"parameters": {"generator": 5}}, "'parameters' lacks 'critic'"),
        ({"golden": {"seed": 0, "samples": [[1, "2"]]}}, "'golden' lacks 'protocol', 'score', 'tolerance'"),
        ({"golden": {**GOLDEN, "samples": [[1, "2"]]}}, r"'golden' 'samples'\[0\]\[1\] is '2'; expected a number"),
        (
            {"scores": {**SCORES, "final": {"iteration": 1, "protocols": {"p": {"fid": {"mean": 1}}}}}},
            "'fid' lacks 'std'",
        ),
        ({"data": []}, r"'data' is \[\]; expected an object"),
    ],
)
def test_metadata_out_of_form_are_refused(preset, change, fields, message):
    change(preset, "metadata.json", **fields)
    with pytest.raises(ValueError, match=message):
        wk.from_preset(preset)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"code": "x"}, "takes no 'code'"),
        ({"generator": {"name": "os.system"}}, "generator names 'os.system'"),
        (
            {"critic": {"name": "mlp_critic", "input_shape": [2], "units": "8"}},
            "'units' is '8'; expected a whole number",
        ),
        (
            {"critic": {"name": "mlp_critic", "input_shape": ["2"]}},
            r"'input_shape' is \['2'\]; expected a list of at most 8",
        ),
        (
            {"critic": {"name": "mlp_critic", "input_shape": 5}},
            "'input_shape' is 5; expected a list of at most 8, each a whole number",
        ),
        (
            {"generator": {"name": "mlp_generator", "output_shape": [2], "latent_dim": [2]}},
            r"'latent_dim' is \[2\]; expected a whole number",
        ),
        ({"game": {"name": ["wgan_gp"]}}, r"game names \['wgan_gp'\]"),
        ({"critic_optimizer": {"name": "adam", "clipnorm": "x"}}, "'clipnorm' is 'x'; expected a number, above 0"),
        ({"game": {"name": "wgan_gp", "one_sided": 1}}, "'one_sided' is 1; expected true or false"),
        ({"generator_optimizer": {"name": "adam", "beta_1": {}}}, "'beta_1' is {}; expected a number"),
        ({"data": None}, "has no data; expected batch_size, iterations and evaluation to be null"),
    ],
)
def test_recipes_out_of_form_are_refused(preset, change, fields, message):
    change(preset, "config.json", **fields)
    with pytest.raises(ValueError, match=message):
        wk.from_preset(preset)


def test_missing_files_and_damaged_metadata_are_named(preset):
    (preset / "metadata.json").write_text("{")
    with pytest.raises(ValueError, match=r"metadata\.json is damaged"):
        wk.from_preset(preset)
    (preset / "config.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"lacks config\.json"):
        wk.from_preset(preset)


def test_names_that_mean_nothing(monkeypatch, preset):
    monkeypatch.setattr(store, "ZOO", preset.parent)
    assert wk.list_presets() == ["preset"]
    assert store.locate("preset") == preset
    with pytest.raises(ValueError, match=r"no preset 'presets' \(did you mean 'preset'\?\)"):
        wk.from_preset("presets")
    with pytest.raises(FileNotFoundError, match="There is no folder runs/nothing"):
        wk.from_preset("runs/nothing")
