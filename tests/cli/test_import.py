"""`--import`: a user's module, whose data set every verb knows, also in worker processes."""

import json
import os
import pathlib
import sys
import types

import keras
import pytest
from typer.testing import CliRunner

import wgan_keras as wk
from wgan_keras.cli import app
from wgan_keras.data import DATASETS
from wgan_keras.runtime import errors, user_modules
from wgan_keras.tuning import workers
from wgan_keras.tuning.search import Search

CLOUD = """
import os

import numpy as np
import wgan_keras as wk

with open(__file__ + ".count", "a") as file:
    file.write("x")

@wk.data.register_data("cloud")
class Cloud(wk.data.DataSet):
    '''A normal distribution.'''

    def read(self, location, split, image_size=None):
        if os.environ.get("CLOUD") == "13":
            raise KeyError("thirteen")
        return np.random.default_rng(split == "test").standard_normal((300, 2)).astype("float32")
"""


@pytest.fixture(autouse=True)
def afresh(tmp_path, monkeypatch):
    """Nothing is imported yet, and nothing stays; the working directory is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(DATASETS, "_registered", dict(DATASETS))
    monkeypatch.setattr(user_modules, "_imported", {})
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in ("my_cloud", "my_shapes", "mine", "mine.deep"):
        if name not in before:
            sys.modules.pop(name, None)


@pytest.fixture
def cloud(tmp_path):
    (tmp_path / "my_cloud.py").write_text(CLOUD)
    return tmp_path / "my_cloud.py"


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--import", "my_cloud.py", "data", "cloud"],
        ["data", "cloud", "--import", "my_cloud.py"],
        ["data", "--import=./my_cloud.py", "cloud"],
        ["--import", "my_cloud.py", "data", "--import", "my_cloud", "cloud", "--import=./my_cloud.py"],
    ],
    ids=" ".join,
)
def test_it_stands_anywhere_and_a_module_is_imported_once(cloud, monkeypatch, arguments):
    monkeypatch.syspath_prepend(cloud.parent)
    result = run(*arguments)
    assert (result.exit_code, result.output) == (0, "cloud: made on the spot\n")
    assert (cloud.parent / "my_cloud.py.count").read_text() == "x"


def test_after_two_hyphens_it_is_an_argument_like_others(cloud):
    result = run("data", "--", "--import")
    assert (result.exit_code, "'--import'" in result.output) == (2, True), result.output


def test_a_file_has_the_modules_beside_it(cloud, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / "my_shapes.py").write_text("import my_cloud")
    assert "cloud                  A normal distribution." in run("list", "data", "--import", "../my_shapes.py").output


@pytest.mark.usefixtures("eagerly")
def test_every_verb_knows_what_it_registers(cloud, tmp_path, monkeypatch):
    small = ["--width", 1, "--batch-size", 8, "--iterations", 1, "--epoch-iterations", 1, "--n-critic", 1]
    result = run("train", "--import", cloud, "--data", "cloud", "--out", "run", *small)
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "run/config.json").read_text())["data"] == {"name": "cloud"}
    assert run("sample", "run", "--import", cloud, "--out", "s.npz").exit_code == 0
    result = run("evaluate", "run", "--import", cloud, "--data", "cloud", "--protocol", "w1_pixels_100")
    assert (result.exit_code, "wasserstein_1" in result.output) == (0, True), result.output
    monkeypatch.setenv("CLOUD", "13")
    result = run("train", "--import", cloud, "--data", "cloud")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output == f"wgan-keras: {cloud}, line 16: KeyError: 'thirteen'\n"


@pytest.mark.parametrize(
    ("named", "file"),
    [
        ("mine.py", "my_helper.py"),
        ("mine.py", "below/part.py"),
        ("mine", "mine/deep/part.py"),
        ("mine.deep", "mine/part.py"),
    ],
)
def test_an_error_in_what_lies_with_an_imported_module_is_the_users(tmp_path, monkeypatch, named, file):
    monkeypatch.syspath_prepend(tmp_path)
    module = tmp_path / ("mine.py" if named.endswith(".py") else "mine/__init__.py")
    for each in (module, tmp_path / "mine/deep/__init__.py"):
        each.parent.mkdir(parents=True, exist_ok=True)
        each.touch()
    user_modules.import_modules([named])

    def place(path):
        with pytest.raises(KeyError) as raised:
            exec(compile("\n{}['lost']", path, "exec"))
        return user_modules.place_in(raised.value)

    assert place(str(tmp_path / file)) == f"{tmp_path / file}, line 2"
    installed = pathlib.Path(file).parent / "lib/site-packages/part.py"
    for other in (tmp_path / installed, tmp_path.parent / "part.py", json.__file__, wk.__file__):
        assert place(str(other)) is None


def test_an_error_in_the_script_that_calls_the_library_or_beside_it_is_the_users(tmp_path, monkeypatch):
    script = types.ModuleType("__main__")
    script.__file__ = str(tmp_path / "script.py")
    monkeypatch.setitem(sys.modules, "__main__", script)

    def told(path, name="part"):
        with pytest.raises(KeyError) as raised:
            exec(compile("\n{}['lost']", path, "exec"), {"__name__": name})
        return errors.told(raised.value)

    for path, name in ((script.__file__, "__main__"), (str(tmp_path / "part.py"), "part"), ("<cell>", "__main__")):
        assert told(path, name) == f"{path}, line 2: KeyError: 'lost'"
    script.__file__ = str(tmp_path / "site-packages/program/__main__.py")
    for path in (tmp_path / "site-packages/program/part.py", tmp_path.parent / "part.py", json.__file__):
        assert told(str(path)).startswith("This is a fault of the library: KeyError: 'lost'")


@pytest.mark.parametrize("named", ["json", "typer", "typing", "wgan_keras.data"])
def test_the_modules_of_libraries_bring_no_others_with_them(named):
    user_modules.import_modules([named])
    assert user_modules._is_the_users(sys.modules[named].__file__)
    assert not user_modules._is_the_users(os.__file__) and not user_modules._is_the_users(keras.__file__)
    assert not user_modules._is_the_users(wk.__file__)


@pytest.mark.long  # that they import it is told in tests/tuning/test_workers.py
def test_the_worker_processes_of_a_search_import_it_too(cloud, tmp_path, monkeypatch):
    search = ["--protocol", "w1_pixels_100", "--iterations", 2, "--epoch-iterations", 1, "--trials", 2]
    recipe = ["train", "--import", cloud, "--data", "cloud", "--out", "run", "--width", 1, "--batch-size", 8]
    assert run(*recipe, "--iterations", 1, "--epoch-iterations", 1).exit_code == 0
    (tmp_path / "space.json").write_text('{"game.n_critic": {"kind": "choice", "values": [1, 2]}}')
    result = run("tune", "run", "--import", cloud, *search, "--space", "space.json", "--workers", 2, "--out", "search")
    assert (result.exit_code, "Best: trial" in result.output) == (0, True), result.output
    assert (tmp_path / "my_cloud.py.count").read_text() == "xxxx"  # this process, the chief and two workers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\nif x\n", "mine.py, line 2: SyntaxError: expected ':'"),
        ("\ndef f():\n    raise ValueError('no\\nway')\n\nf()\n", "mine.py, line 3: ValueError: no way"),
        ("import sys\nsys.exit('enough')\n", "mine.py, line 2: SystemExit: enough"),
        ("\nimport no_such_module\n", "mine.py, line 2: ModuleNotFoundError: No module named 'no_such_module'"),
        (
            "import json\n\njson.loads('[')",
            "mine.py, line 3: JSONDecodeError: Expecting value: line 1 column 2 (char 1)",
        ),
        (
            "import wgan_keras.data as d\n\nd.register_data('swiss_roll')(type('S', (d.DataSet,), {'read': print}))",
            "mine.py, line 3: ValueError: 'swiss_roll' is the name of a data set already: wgan_keras.data.toys.",
        ),
        ("raise MemoryError", "mine.py, line 1: MemoryError: MemoryError"),
    ],
)
@pytest.mark.parametrize("named", ["mine.py", "mine"])
def test_a_module_that_fails_is_one_line_with_its_place(tmp_path, monkeypatch, text, message, named):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "mine.py").write_text(text)
    result = run("list", "data", "--import", named)
    assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output
    assert result.output.startswith(f"wgan-keras: {tmp_path}/{message}")
    assert "mine" not in sys.modules
    debug = run("list", "data", "--import", named, "--debug").output
    assert "Traceback" in debug and debug.splitlines()[-1] == result.output.strip()


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("nowhere.py", "--import nowhere.py: there is no such file."),
        ("mine.txt", "Python finds no module 'mine'. Give a file as ./mine.txt"),
        ("./mine.txt", "--import ./mine.txt: expected a file that ends in .py"),
        ("folder.py", "--import folder.py: there is no such file."),
        ("json.py", "another module has the name 'json'. Rename the file."),
        ("no_such_module", "Python finds no module 'no_such_module'. Give a file as ./no_such_module.py"),
        ("wgan_keras.nothing", "Python finds no module 'wgan_keras.nothing'"),
        ("a b", "'a b' is neither a file that ends in .py nor the name of a module"),
        ("", "'' is neither a file that ends in .py nor the name of a module"),
    ],
)
def test_what_cannot_be_imported_is_one_line(tmp_path, named, message):
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "json.py").touch()
    (tmp_path / "mine.txt").touch()
    result = run("list", "--import", named)
    assert (result.exit_code, result.output.count("\n"), message in result.output) == (1, 1, True), result.output


def test_a_search_that_is_stopped_says_how_to_go_on_with_its_modules(cloud, monkeypatch):
    def stopped(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "run_saved", stopped)
    monkeypatch.setattr(Search, "save", lambda search, out: None)
    search = ["tune", "wgan_gp", "--data", "cloud", "--protocol", "w1_pixels_100", "--out", "search"]
    result = run(*search, "--import", "my_cloud.py")
    told = f"Stopped. Go on with: wgan-keras tune --out search --import {cloud}\n"
    assert (result.exit_code, result.output) == (130, told)


def test_without_a_value_it_is_one_line():
    result = run("list", "--import")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "Option '--import' requires an argument" in result.output
