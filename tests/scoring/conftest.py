"""Small games without labels and with those of garments, and the references that score them."""

import functools
import pathlib

import pytest

from wgan_keras import data, feature_cache, scoring
from wgan_keras.recipes import standard

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


def small(class_names=None, **fields):
    sizes = {"network": "mlp", "width": 1, "latent_dim": 8}
    game = {"name": "wgan", "n_critic": 1}
    return standard(game, {"name": "fashion_mnist"}, (28, 28, 1), class_names=class_names, **sizes, **fields)


@pytest.fixture(scope="session")
def recipe():
    """recipe(class_names, ...): of multilayer perceptrons on garments, and whatever else a recipe takes."""
    return small


@pytest.fixture
def model(shallow):
    made = shallow(small())
    return made.compile(made.build())


@pytest.fixture
def conditional(shallow):
    made = shallow(small(data.class_names("fashion_mnist")))
    return made.compile(made.build())


@pytest.fixture
def unconditional():
    return small().build()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty cache of references."""
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture(scope="session")
def reference():
    """reference(protocol): of the garments kept with the tests, the same one for all tests that change nothing."""
    return functools.cache(lambda protocol: scoring.reference(protocol, "fashion_mnist", SAMPLE))
