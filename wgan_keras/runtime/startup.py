"""How the command imports Keras: without the lines that TensorFlow prints, and without packages nobody needs here.

Nothing in this module imports a framework before it is called.
"""

import contextlib
import gc
import importlib
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
# Keras and TensorFlow's converters import them where they are installed, for what no game does: 1.5 of 3.6 seconds.
_UNUSED = ("sklearn", "matplotlib", "jax")


def load_keras():
    """Imports Keras and its backend, and finds the devices, without a line on stderr unless that fails.

    Where the user set TF_CPP_MIN_LOG_LEVEL the lines are the user's business; 1 is what JAX sets for the processes that
    are started after Keras has imported it.
    """
    if "keras" in sys.modules:
        return
    with contextlib.ExitStack() as around:
        if os.environ.get(_LEVEL, "1") == "1":
            around.enter_context(_errors_alone())
            around.enter_context(_stderr_held_back())
        around.enter_context(_hidden([name for name in _UNUSED if name != _backend()]))
        around.enter_context(_no_collection())
        keras = importlib.import_module("keras")
        with contextlib.suppress(ImportError):  # where it is installed Keras imports it on JAX too, to write a config
            tensorflow = importlib.import_module("tensorflow")
            if keras.backend.backend() == "tensorflow":
                tensorflow.config.list_physical_devices()


def call(module, function, *arguments):
    """`function(*arguments)` of `module`, which is imported after Keras: the whole work of a new process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent as well, and it ends this process
    load_keras()
    getattr(importlib.import_module(module), function)(*arguments)


def _backend():
    """The backend that Keras is going to choose: by its variable, else by its file."""
    home = pathlib.Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    try:
        chosen = json.loads((home / "keras.json").read_text())["backend"]
    except (OSError, ValueError, LookupError, TypeError):
        chosen = "tensorflow"
    return os.environ.get("KERAS_BACKEND") or chosen


@contextlib.contextmanager
def _errors_alone():
    """TensorFlow, which reads the level as it is imported, prints no warnings later on; children decide anew."""
    before = {name: level for name, level in os.environ.items() if name == _LEVEL}
    os.environ[_LEVEL] = "2"
    try:
        yield
    finally:
        del os.environ[_LEVEL]
        os.environ |= before


@contextlib.contextmanager
def _hidden(names):
    """Importing these packages fails, as if they were not installed, unless they are imported already."""
    names = [name for name in names if name not in sys.modules]
    sys.modules |= dict.fromkeys(names)
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)


@contextlib.contextmanager
def _no_collection():
    """Half a million objects come to stay; to look for garbage among them again and again takes time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


@contextlib.contextmanager
def _stderr_held_back():
    """What is written to file descriptor 2, by C++ as well, is seen only if the block fails or the process dies in it.

    A process of its own waits for the end: it shows the lines unless it is told that all is well. Where there is none
    to be had, or no stderr, nothing is held back.
    """
    try:
        stderr, (end, well) = os.dup(2), os.pipe()
        held = tempfile.TemporaryFile()  # noqa: SIM115, closed below
        watcher = os.fork()
    except (OSError, AttributeError):
        yield
        return
    if watcher == 0:
        os.close(well)
        _watch(end, held, stderr)
    os.dup2(held.fileno(), 2)
    try:
        yield
        os.write(well, b"1")
    finally:
        os.dup2(stderr, 2)
        os.close(well)
        os.waitpid(watcher, 0)
        os.close(end)
        os.close(stderr)
        held.close()


def _watch(end, held, stderr):
    """Waits until the other process tells that all is well, or ends; then shows what was held back. Does not return."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # they reach the other process as well
        if not os.read(end, 1):
            held.seek(0)
            with open(stderr, "wb") as shown:
                shutil.copyfileobj(held, shown)
    finally:
        os._exit(0)
