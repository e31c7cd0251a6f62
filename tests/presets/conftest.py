"""A small trained model, and a preset of it."""

import json

import numpy as np
import pytest

from wgan_keras import presets
from wgan_keras.recipes import standard


@pytest.fixture(scope="session")
def recipe(shallow):
    return shallow(standard({"name": "wgan_gp", "ema_decay": 0.9}, {"name": "eight_gaussians"}, (2,), width=2))


@pytest.fixture(scope="session")
def model(recipe):
    model = recipe.compile(recipe.build())
    model.run_eagerly = True
    model.fit(np.random.default_rng(0).normal(size=(20, 2)), batch_size=4, verbose=0)
    return model


@pytest.fixture(scope="session")
def saved(recipe, model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("presets") / "saved"
    presets.save(model, recipe, folder)
    return folder


@pytest.fixture(scope="session")
def change():
    """change(folder, name, **fields): other fields in a JSON file of a preset."""

    def change(folder, name, **fields):
        content = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps({**content, **fields}))

    return change
