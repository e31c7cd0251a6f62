"""The folder of the page: its own files, the runtime of the networks, and the models."""

import collections
import importlib.resources
import json
import pathlib
import shutil
from collections.abc import Callable, Sequence

from wgan_keras._types import PathLike
from wgan_keras.explore import runtime
from wgan_keras.explore.model import Model
from wgan_keras.export import FORMATS
from wgan_keras.files.contents import Contents
from wgan_keras.files.saving import whole_folder

LISTING = "models.json"
_PAGE = importlib.resources.files("wgan_keras.explore") / "page"
CONTENTS = Contents("an explorer", LISTING, {LISTING, "runtime", "models", *(each.name for each in _PAGE.iterdir())})


def write(names: Sequence[str], out: PathLike, tell: Callable[[str], object] = lambda line: None) -> None:
    """Writes the page with these models, whole or not at all; an earlier one in its place is replaced.

    Args:
        names: presets by name, folder or `hf://`, runs, or `.keras` files. The first is the one shown first.
        out: the folder.
        tell: called with a line for each model, which takes some seconds.

    Raises:
        ValueError: a model that makes neither pictures nor points, is too large or stands twice; a folder that holds
            something else.
        ImportError: the converter to ONNX is not installed.
        ConnectionError: npm does not bring ONNX Runtime Web, and it is not kept from before.
        NotWrittenError: the folder cannot be written.
    """
    out = pathlib.Path(out).expanduser()
    CONTENTS.check(out)  # before the models, which take a while
    FORMATS["onnx"].check_installed()
    of_runtime = runtime.folder()
    models = [Model.open(name) for name in names]
    _check_once([model.directory for model in models])
    with whole_folder(out, CONTENTS) as folder:
        with importlib.resources.as_file(_PAGE) as page:
            _copy(page, folder)
        _copy(of_runtime, folder / "runtime")
        for model in models:
            tell(f"{model.name}: generator and critic to ONNX")
            model.write(folder / "models" / model.directory)
        listing = [{"name": model.name, "directory": model.directory} for model in models]
        (folder / LISTING).write_text(json.dumps(listing))


def _copy(source, folder):
    """The files alone, not that nobody may write there: of a system's packages or a cache that is so."""
    folder.mkdir()
    for file in source.iterdir():
        if file.is_file():
            shutil.copyfile(file, folder / file.name)


def _check_once(directories):
    """ValueError where two have one folder, on a system of files without regard to case as well."""
    counts = collections.Counter(map(str.casefold, directories))
    twice = [name for name in dict.fromkeys(directories) if counts[name.casefold()] > 1]
    if twice:
        raise ValueError(
            f"{', '.join(twice)} would stand twice on the page; give each model once, and names that differ in more "
            "than upper and lower case."
        )
