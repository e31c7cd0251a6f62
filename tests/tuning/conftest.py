"""A small search on points in the plane, run once without interruption."""

import dataclasses

import pytest

from wgan_keras.recipes import standard
from wgan_keras.tuning import results
from wgan_keras.tuning.search import Search

# Choices alone: numbers that come over the network to a worker are rounded to float32.
SPACE = {
    "game.n_critic": {"kind": "choice", "values": [1, 2, 3]},
    "learning_rate": {
        "kind": "choice",
        "values": [1e-3, 3e-3, 1e-2],
        "fields": ["generator_optimizer.learning_rate", "critic_optimizer.learning_rate"],
    },
}


@pytest.fixture(autouse=True, scope="module")
def home(other_home):
    """The references of scores are kept elsewhere."""


@pytest.fixture(scope="session")
def small(shallow):
    """small(**fields): a `Search` of three trials of 12 iterations, evaluated every 3."""

    game = {"name": "wgan_gp", "ema_decay": 0.9, "seed": 1}
    recipe = shallow(standard(game, {"name": "eight_gaussians"}, (2,), width=2, batch_size=32))

    def make(**fields):
        given = {"iterations": 12, "epoch_iterations": 3, "trials": 3, **fields}
        return Search(recipe, SPACE, "w1_pixels_64", **given)

    return make


@pytest.fixture(scope="session")
def plain(small):
    """plain(**fields): that search, of a game without a penalty, whose steps are quick where they are run eagerly."""

    def make(**fields):
        search = small(**fields)
        game = {"name": "gan", "ema_decay": 0.9, "seed": 1}
        return dataclasses.replace(search, recipe=dataclasses.replace(search.recipe, game=game))

    return make


@pytest.fixture(scope="session")
def uninterrupted(small, tmp_path_factory, rewriting):
    """The rows of that search."""
    out = tmp_path_factory.mktemp("search") / "the {whole} [search]"  # no pattern and nothing to fill in
    small().save(out)
    with rewriting():
        small().open(out).search(verbose=0)
    return results.read(out)


@pytest.fixture(scope="session")
def told():
    """told(rows): what the rows say apart from the seconds, which no two runs share."""
    return lambda rows: [{k: v for k, v in row.items() if k != "seconds"} for row in rows]
