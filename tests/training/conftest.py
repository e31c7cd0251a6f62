"""A small run, trained once without interruption, and how two are compared."""

import numpy as np
import pytest
from PIL import Image

from wgan_keras import load_model, training
from wgan_keras.recipes import standard


@pytest.fixture(autouse=True, scope="module")
def graphs(rewritten_graphs):
    """Those of a process of its own, as runs go on from one to the other."""


@pytest.fixture(scope="session")
def recipe(shallow):
    game = {"name": "wgan_gp", "ema_decay": 0.9, "seed": 1}
    return shallow(standard(game, {"name": "eight_gaussians"}, (2,), width=2, iterations=12))


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory, recipe, rewriting):
    out = tmp_path_factory.mktemp("run") / "the {whole} [run]"  # no pattern and nothing to fill in
    with rewriting():
        training.start(recipe, out, epoch_iterations=5)
    return out


@pytest.fixture(scope="session")
def brief(shallow):
    """A recipe of few, small steps without a penalty, which are run eagerly: it takes as long as to trace one."""
    game = {"name": "gan", "n_critic": 2, "ema_decay": 0.9, "seed": 1}
    return shallow(standard(game, {"name": "eight_gaussians"}, (2,), width=2, batch_size=16, iterations=5))


@pytest.fixture
def quickly(eagerly, monkeypatch):
    """`eagerly`, and few images are held out: their losses after every epoch are steps as well."""
    monkeypatch.setattr(training, "_HELD_OUT", 64)


@pytest.fixture(scope="module")
def all_quickly(all_eagerly):
    """The same until the module ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_HELD_OUT", 64)
        yield


@pytest.fixture(scope="session")
def of_pictures(shallow):
    """of_pictures(folder, ...): a recipe of two iterations on 20 pictures, which are drawn there."""

    def made(folder, **fields):
        folder.mkdir()
        for i in range(20):
            Image.new("RGB", (8, 8), (12 * i, 0, 0)).save(folder / f"{i:02d}.png")
        given = {"network": "mlp", "width": 1, "batch_size": 2, "iterations": 2, **fields}
        return shallow(standard({"name": "gan"}, {"name": str(folder), "image_size": 8}, (8, 8, 3), **given))

    return made


@pytest.fixture(scope="session")
def state():
    """state(path): every number a checkpoint holds: networks, average, both optimizers, random state."""

    def read(path):
        model = load_model(path)
        optimizers = [v.numpy() for o in (model.generator_optimizer, model.critic_optimizer) for v in o.variables]
        return [v.numpy() for v in model.variables] + optimizers

    return read


@pytest.fixture(scope="session")
def same():
    """same(one, two): whether two lists of arrays are equal bit for bit."""
    return lambda one, two: all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
