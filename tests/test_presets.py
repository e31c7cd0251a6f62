import numpy as np
import pytest

from wgan_keras import presets
from wgan_keras.recipes import standard

RECIPE = standard({"name": "wgan_gp", "ema_decay": 0.9}, {"name": "eight_gaussians"}, (2,), width=2)


@pytest.fixture(scope="module")
def model():
    model = RECIPE.compile(RECIPE.build())
    model.fit(np.random.default_rng(0).normal(size=(64, 2)), batch_size=4, verbose=0)
    return model


def test_a_preset_samples_as_the_model_did(model, tmp_path):
    presets.save(model, RECIPE, tmp_path)
    assert np.array_equal(presets.load(tmp_path).sample(9, seed=1), model.sample(9, seed=1))


def test_weights_that_changed_by_one_bit_are_not_opened(model, tmp_path):
    presets.save(model, RECIPE, tmp_path)
    weights = tmp_path / "model.weights.h5"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ValueError, match=r"has sha256 .* Copy the preset again"):
        presets.load(tmp_path)


def test_a_missing_file_or_damaged_metadata_is_named(model, tmp_path):
    presets.save(model, RECIPE, tmp_path)
    (tmp_path / "metadata.json").write_text("{}")
    with pytest.raises(ValueError, match=r"metadata\.json is damaged"):
        presets.load(tmp_path)
    (tmp_path / "config.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"lacks config\.json"):
        presets.load(tmp_path)
