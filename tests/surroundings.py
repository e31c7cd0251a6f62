"""What is around a test: folders, the environment, policies, signals, a browser, commands; and how it is left."""

import functools
import os
import runpy
import signal
import subprocess
import sys

import keras
import pytest
from typer.testing import CliRunner

from benchmarks import chromium
from wgan_keras import callbacks
from wgan_keras.cli import app
from wgan_keras.runtime import user_modules

WHERE_THINGS_ARE = {name: os.environ.get(name) for name in ("HOME", "XDG_CACHE_HOME", "PATH")}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A module leaves the environment as it found it: the next one's tests look for their data there."""
    result = yield
    if nextitem is None or nextitem.path != item.path:
        assert {name: os.environ.get(name) for name in WHERE_THINGS_ARE} == WHERE_THINGS_ARE
    return result


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
def modules_of_the_users():
    """What a module's tests import by `--import` is told to no later command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(user_modules, "_imported", {})
        yield


@pytest.fixture
def stopping():
    """stopping(number, iteration): a `StopOnSignal` in a process that gets the signal in an iteration."""

    def at(number, iteration):
        class Stopping(callbacks.StopOnSignal):
            def on_train_batch_end(self, batch, logs=None):
                if int(self.model.generator_optimizer.iterations) == iteration:
                    signal.raise_signal(number)
                super().on_train_batch_end(batch, logs)

        return Stopping

    return at


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
