"""What makes tests quick, and what turns it off where a test is about it."""

import contextlib
import gc

import keras
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tests import loading
from wgan_keras import plots

if keras.backend.backend() == "tensorflow":
    import tensorflow as tf


@pytest.fixture(scope="module", autouse=True)
def cheap_collections():
    """What earlier tests left (traced functions, modules) is not walked through again by every garbage collection.

    There are millions of such objects in the end; walking through them was a quarter of the time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)  # to trace a step makes tens of thousands


@pytest.fixture
def eagerly():
    """Every step is run eagerly until the test ends: up to four of them take less time than to trace one."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def all_eagerly():
    """Every step is run eagerly until the module ends."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def seeding_tensorflow(monkeypatch):
    """TensorFlow is seeded too, as in other processes: for the orders of tf.data."""
    monkeypatch.setattr(tf.random, "set_seed", loading.seed_tensorflow)


@pytest.fixture(scope="session")
def rewriting():
    """Within rewriting() TensorFlow rewrites graphs, as in other processes, to whose bits one may compare."""

    @contextlib.contextmanager
    def scope():
        before = tf.config.optimizer.get_experimental_options()["disable_meta_optimizer"]
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False})
        try:
            yield
        finally:
            tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": before})

    return scope


@pytest.fixture(scope="module")
def rewritten_graphs(rewriting):
    """`rewriting` until the end of the module."""
    with rewriting():
        yield


@pytest.fixture(scope="module", autouse=True)
def small_pictures(request):
    """Runs write small pictures, and a blank one of curves: to draw those takes as long as to trace a step.

    test_plots.py draws them as they are.
    """
    with pytest.MonkeyPatch.context() as patch:
        if request.path.name != "test_plots.py":
            patch.setattr(plots, "_figure", lambda width, height: Figure(figsize=(width, height), dpi=20))
            patch.setattr(plots, "curves", lambda rows: Image.new("RGB", (1, 1)))
        yield
