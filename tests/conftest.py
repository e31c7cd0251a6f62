"""Shared by all tests: a CPU to state facts about, and small games on points in the plane."""

import collections
import contextlib
import dataclasses
import functools
import gc
import importlib.util
import os
import runpy
import subprocess
import sys

from tests import quick

# isort: split

import keras
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from typer.testing import CliRunner

import wgan_keras as wk
from benchmarks import chromium
from wgan_keras import data, plots
from wgan_keras.cli import app
from wgan_keras.explore import runtime
from wgan_keras.layers import LayerNormalization, LeakyReLU
from wgan_keras.runtime import user_modules

if keras.backend.backend() == "tensorflow":
    import tensorflow as tf


def whole_fashion_mnist():
    """In the order of its files: another order makes the protocols take other images, and so other scores."""
    found = data.locate("fashion_mnist")
    return found is not None and found.kind == "idx"


def browser_for_the_page():
    return chromium.is_there() and runtime.is_kept()


# Whether a need is met. pyproject.toml says what each is.
MET = {
    "needs_fashion_mnist": whole_fashion_mnist,
    "needs_emoji": lambda: data.locate("emoji") is not None,
    "needs_drawn": lambda: all(data.locate(name) is not None for name in ("emoji_families", "avatars")),
    "needs_svg": lambda: importlib.util.find_spec("resvg_py") is not None,
    "needs_export": lambda: all(map(importlib.util.find_spec, ("tf2onnx", "onnxruntime", "ai_edge_litert"))),
    "needs_browser": browser_for_the_page,
    "needs_video": lambda: importlib.util.find_spec("imageio_ffmpeg") is not None,
    "needs_torch": lambda: importlib.util.find_spec("torch") is not None,
    "needs_torch_fidelity": lambda: importlib.util.find_spec("torch_fidelity") is not None,
}


def pytest_collection_modifyitems(config, items):
    """Leaves out tests whose needs are not met."""
    # Searches, the longest tests, go first, so that no worker is left with one at the end.
    items.sort(key=lambda item: item.path.parent.name != "tuning")
    needs = dict(line.split(": ", 1) for line in config.getini("markers") if line.startswith("needs_"))
    missing = {name: what for name, what in needs.items() if not MET[name]()}
    for item in items:
        for name in missing.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=missing[name]))


WHERE_THINGS_ARE = {name: os.environ.get(name) for name in ("HOME", "XDG_CACHE_HOME", "PATH")}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A module leaves the environment as it found it: the next one's tests look for their data there."""
    result = yield
    if nextitem is None or nextitem.path != item.path:
        assert {name: os.environ.get(name) for name in WHERE_THINGS_ARE} == WHERE_THINGS_ARE
    return result


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    """One line of what was left out, and why."""
    if config.option.markexpr == "not long":
        terminalreporter.write_line("Left out, as long: sweeps whose cases quick tests stand for; `make test-long`.")
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])]
    if reasons:
        counted = sorted(collections.Counter(reasons).items())
        parts = [f"{count} {'test needs' if count == 1 else 'tests need'} {what}" for what, count in counted]
        terminalreporter.write_line(f"Left out, as not on this machine: {'; '.join(parts)}.")


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
    monkeypatch.setattr(tf.random, "set_seed", quick.seed_tensorflow)


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


@pytest.fixture(scope="module")
def other_home(tmp_path_factory):
    """What is made again or fetched is kept elsewhere until the module ends, by this process and those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture
def overtaken(monkeypatch):
    """overtaken(owner, name, fetch): the inodes of two `fetch()`, one run right after the other's `owner.name`."""

    def fetched(owner, name, fetch):
        work, second = getattr(owner, name), []

        def work_slowly(*arguments):
            work(*arguments)
            monkeypatch.setattr(owner, name, work)
            second.append(fetch().stat().st_ino)

        monkeypatch.setattr(owner, name, work_slowly)
        return fetch().stat().st_ino, *second

    return fetched


@pytest.fixture(scope="session")
def browser():
    """Chromium, for tests marked `needs_browser`; Playwright drives one in a process."""
    with chromium.launched() as launched:
        yield launched


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


@pytest.fixture(scope="module", autouse=True)
def modules_of_the_users():
    """What a module's tests import by `--import` is told to no later command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(user_modules, "_imported", {})
        yield


@pytest.fixture(scope="session")
def points():
    """points(n, seed=0): n float32 points (n, 2) from N((1, -1), 1)."""

    def make(n, seed=0):
        return np.random.default_rng(seed).normal((1, -1), 1, (n, 2)).astype("float32")

    return make


@pytest.fixture(scope="session")
def tiny():
    """tiny(game, **arguments): a game between MLPs of 8 units on points (2,), latents (2,), compiled with `compile`."""

    def make(game=wk.WGANGP, *, compile=None, n_critic=2, seed=0, **arguments):
        keras.utils.set_random_seed(seed)
        networks = {
            "generator": wk.networks.mlp_generator((2,), 2, units=8, depth=1),
            "critic": wk.networks.mlp_critic((2,), units=8, depth=1),
        }
        model = game(**{**networks, "n_critic": n_critic, "seed": seed, **arguments})
        model.compile(**(compile or {}))
        return model

    return make


@pytest.fixture(scope="session")
def shallow():
    """shallow(recipe): with one hidden layer in each MLP; to trace a step takes as long as there are layers."""

    def make(recipe):
        specs = {role: getattr(recipe, role) for role in ("generator", "critic")}
        deep = {role: {**spec, "depth": 1} for role, spec in specs.items() if "depth" in spec}
        return dataclasses.replace(recipe, **deep)

    return make


@pytest.fixture(scope="session")
def state_of():
    """state_of(model): every number training changes, as a list of arrays: networks, optimizers, random states."""

    def state(model):
        optimizers = model.generator_optimizer.variables + model.critic_optimizer.variables
        return [v.numpy().copy() for v in [*model.variables, *optimizers]]

    return state


@pytest.fixture(scope="session")
def with_everything():
    """with_everything(**arguments): networks with batch normalization and dropout, an average and both Adams."""

    def make(game=wk.GAN, *, critic_normalization=True, critic_outputs=1, dropout=0.3, compile=None, **arguments):
        keras.utils.set_random_seed(3)
        layers = keras.layers
        norm = layers.BatchNormalization if critic_normalization else LayerNormalization
        # No bias before a normalization: its gradient is rounding noise, which Adam would make a step of.
        hidden = [layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
        generator = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(2)])
        hidden = [layers.Dense(8, use_bias=False), norm(), LeakyReLU(), layers.Dropout(dropout, seed=5)]
        critic = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(critic_outputs)])
        model = game(generator, critic, **{"n_critic": 2, "ema_decay": 0.9, "seed": 4, **arguments})
        model.compile(keras.optimizers.Adam(1e-2, 0.5), keras.optimizers.Adam(1e-2, 0.5), **(compile or {}))
        return model

    return make


@pytest.fixture
def policy():
    """policy(name) sets a dtype policy until the test ends."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.fixture
def run_guide(monkeypatch):
    """run_guide(path, folder, before=...): a guide in `folder`; the commands that it starts run in this process.

    `before` is called before each command.
    """
    run = subprocess.run

    def command(words, before, **options):
        words = [str(word) for word in words]
        if words[1:3] != ["-m", "wgan_keras.cli"]:
            return run(words, **options)
        before()
        result = CliRunner().invoke(app, words[3:])
        assert result.exit_code == 0, result.output
        print(result.output)

    def guide(path, folder, before=lambda: None):
        monkeypatch.setattr(subprocess, "run", functools.partial(command, before=before))
        monkeypatch.setattr(sys, "argv", [str(path), str(folder)])
        monkeypatch.setattr(sys, "path", list(sys.path))
        runpy.run_path(str(path))

    return guide
