"""What a training, a preset and a search write, for tests that damage it."""

import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from wgan_keras import presets
from wgan_keras.recipes import standard
from wgan_keras.tuning.search import Search

SPACE = {"game.n_critic": {"kind": "choice", "values": [1, 2]}}


@pytest.fixture(autouse=True, scope="module")
def home(other_home):
    """The references of scores are kept elsewhere."""


@pytest.fixture(scope="session")
def recipe(shallow):
    game = {"name": "wgan_gp", "ema_decay": 0.9}
    return shallow(standard(game, {"name": "eight_gaussians"}, (2,), width=2, iterations=2))


@pytest.fixture(scope="session")
def originals(tmp_path_factory, recipe):
    """A preset, a `.keras` file, a run's and a search's files, as they should be."""
    tf.config.run_functions_eagerly(True)
    try:
        return write(recipe, tmp_path_factory.mktemp("originals"))
    finally:
        tf.config.run_functions_eagerly(False)


def write(recipe, folder):
    model = recipe.compile(recipe.build())
    model.fit(np.random.default_rng(0).normal(size=(20, 2)), batch_size=4, verbose=0)
    model.save(folder / "gan.keras")
    presets.save(model, recipe, folder / "preset")
    (folder / "run").mkdir()
    recipe.save(folder / "run/config.json")
    given = {"data_dir": None, "epoch_iterations": 2, "weights": None, "data_sha256": "0" * 64}
    (folder / "run/run.json").write_text(json.dumps(given))
    (folder / "run/history.csv").write_text("epoch,iteration,seconds,loss\n1,2,0.5,0.25\n2,4,0.5,\n")
    history = [{"epoch": i, "iteration": 2 * i, "w1": 1 / i} for i in (1, 2)]
    scores = {"protocol": "w1_pixels_64", "data": {}, "best": history[1], "last": history[1], "history": history}
    (folder / "run/scores.json").write_text(json.dumps(scores))
    (folder / "space.json").write_text(json.dumps(SPACE))
    search = Search(recipe, SPACE, "w1_pixels_64", iterations=2, epoch_iterations=1, trials=2)
    search.save(folder / "search")
    search.run(folder / "search")
    return folder


@pytest.fixture
def preset(originals, tmp_path):
    return shutil.copytree(originals / "preset", tmp_path / "preset")
