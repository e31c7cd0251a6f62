"""How the command imports Keras: with a Keras and a TensorFlow made for the test, and once with the real ones."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
KERAS = """
import os
os.write(2, b"a line of C++'s\\n")
with open("level", "w") as file:
    file.write(os.environ.get("TF_CPP_MIN_LOG_LEVEL", "none"))
found = []
for name in ("sklearn", "matplotlib", "jax"):
    try:
        __import__(name)
    except ImportError:
        continue
    found.append(name)
class backend:
    backend = lambda: "tensorflow"
"""
TENSORFLOW = """
import os
class config:
    list_physical_devices = lambda: os.write(2, b"no devices\\n")
"""


@pytest.fixture
def start(tmp_path):
    """start(script, ends=..., **environment): the script, after the import of `startup`, with these packages.

    `ends` is a line at the end of Keras's.
    """

    def run(script, ends="", **environment):
        for name, source in {"keras": KERAS + ends, "tensorflow": TENSORFLOW}.items():
            (tmp_path / f"{name}.py").write_text(source)
        for name in ("sklearn", "matplotlib", "jax"):
            (tmp_path / f"{name}.py").touch()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "KERAS_"))}
        kept |= {"PYTHONPATH": f"{tmp_path}:{ROOT}", "KERAS_HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", f"from wgan_keras.runtime import startup\n{script}"],
            cwd=tmp_path,
            env=kept | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_nothing_is_shown_when_all_is_well_and_stderr_is_back_afterwards(start, tmp_path):
    done = start("startup.load_keras()\nimport os\nos.write(2, b'mine')\nprint('TF_CPP_MIN_LOG_LEVEL' in os.environ)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "mine")
    assert (tmp_path / "level").read_text() == "2"


def test_an_exception_brings_the_lines(start):
    done = start("startup.load_keras()", ends="raise RuntimeError('no backend')")
    assert done.returncode == 1
    assert done.stderr.startswith("a line of C++'s\n")
    assert done.stderr.endswith("RuntimeError: no backend\n")


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGKILL, signal.SIGILL])
def test_a_death_brings_the_lines(start, number):
    done = start("startup.load_keras()", ends=f"os.kill(os.getpid(), {int(number)})")
    assert (done.returncode, done.stderr) == (-number, "a line of C++'s\n")


def test_who_set_the_level_sees_what_it_says(start, tmp_path):
    done = start("startup.load_keras()", TF_CPP_MIN_LOG_LEVEL="0")
    assert (done.returncode, done.stderr) == (0, "a line of C++'s\nno devices\n")
    assert (tmp_path / "level").read_text() == "0"


def test_without_a_stderr_it_starts_as_well(start):
    """What is written to it then is an error of the writer's."""
    done = start("import os\nos.close(2)\ntry:\n    startup.load_keras()\nexcept OSError as error:\n    print(error)")
    assert (done.returncode, done.stdout) == (0, "[Errno 9] Bad file descriptor\n")


def test_a_new_process_does_its_work_after_a_quiet_start(start, tmp_path):
    (tmp_path / "work.py").write_text("import keras\ndef do(a, b):\n    print(a + b)\n")
    done = start("startup.call('work', 'do', 2, 3)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "5\n", "")


@pytest.mark.parametrize(
    ("environment", "file", "found"),
    [
        ({}, None, []),
        ({"KERAS_BACKEND": "jax"}, None, ["jax"]),
        ({}, '{"backend": "jax"}', ["jax"]),
        ({"KERAS_BACKEND": "tensorflow"}, '{"backend": "jax"}', []),
        ({}, "[", []),
    ],
)
def test_what_is_not_needed_is_not_imported_and_can_be_later(start, tmp_path, environment, file, found):
    if file:
        (tmp_path / "keras.json").write_text(file)
    script = "startup.load_keras()\nimport keras\nprint(keras.found)\nimport sklearn, matplotlib, jax"
    done = start(script, **environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{found}\n", "")


@pytest.mark.parametrize("backend", ["tensorflow", pytest.param("jax", marks=pytest.mark.long)])
def test_sample_writes_its_line_alone_and_waits_for_no_plots(tmp_path, backend):
    """The real Keras and TensorFlow, which print a dozen lines."""
    script = """
import sys
from wgan_keras.cli import app
app(["sample", "wgan_gp_fashion_mnist", "--out", "s.png"], standalone_mode=False)
print([name for name in ("sklearn", "matplotlib", "keras_tuner") if name in sys.modules])
"""
    environment = {k: v for k, v in os.environ.items() if k not in ("TF_CPP_MIN_LOG_LEVEL", "CUDA_VISIBLE_DEVICES")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT), "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Wrote a picture of 64 samples to s.png.\n[]\n"
