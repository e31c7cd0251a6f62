"""Modules of the user's own, by file or by name: imported so that what they register is known.

A worker process is told what its parent imported, see `tuning.workers`.
"""

import importlib
import importlib.util
import os
import re
import sys
import sysconfig
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from wgan_keras._text import one_line
from wgan_keras.runtime import startup

_imported: dict[str, ModuleType] = {}  # what to import again in another process, and the module
_NOT_THE_USERS = (__file__, importlib.__file__, "<frozen importlib")
_LIBRARIES = (Path(__file__).parents[1], Path(sysconfig.get_path("stdlib")))
_INSTALLED = {"site-packages", "dist-packages"}  # folders of others' modules, perhaps within the user's own
_PROGRAM = ("__main__", "__mp_main__")  # the script or notebook that runs; in the processes that it starts


def import_modules(given: Iterable[str]) -> None:
    """Imports modules, each once; Keras first, which a module with a game needs.

    Args:
        given: paths that end in .py, or names as in an import statement.

    Raises:
        FileNotFoundError: a file that is not there.
        ImportError: a name that Python does not find, a file whose name another module has, or a module that fails:
            with its file, the line and its own error.
    """
    wanted = {_wanted(each): each for each in given}
    if wanted:
        startup.load_keras()
    for key, text in wanted.items():
        _imported[key] = _from_file(Path(key)) if _is_file(text) else _by_name(text)


def imported() -> tuple[str, ...]:
    """What `import_modules` imported in this process, in words that mean the same in any working directory."""
    return tuple(_imported)


def place_in(error: BaseException) -> str | None:
    """ "mygame.py, line 7" of the user's code in which an error came up; None where it went through none.

    That is an imported module, the script or notebook that calls the library, and what lies with either.
    """
    steps = [
        (frame.f_globals, frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    own = (
        f"{file}, line {line}"
        for names, file, line in reversed(steps)
        if names.get("__name__") in _PROGRAM or _is_the_users(file)
    )
    return next(own, None)


def _is_the_users(file):
    modules = [*_imported.values(), *(sys.modules[name] for name in _PROGRAM if name in sys.modules)]
    return any(file == getattr(module, "__file__", None) or _lies_with(file, module) for module in modules)


def _lies_with(file, module):
    """Whether a file is below the folders of a module, and not a library's."""
    path = Path(file)
    below = [path.relative_to(folder).parts for folder in _folders(module) if path.is_relative_to(folder)]
    return any(_INSTALLED.isdisjoint(parts) for parts in below) and not any(map(path.is_relative_to, _LIBRARIES))


def _folders(module):
    """Those of the module's package, or the one that it lies in, unless what is installed lies there."""
    top = sys.modules.get(module.__name__.partition(".")[0], module)
    if hasattr(top, "__path__"):
        return list(top.__path__)
    folder = Path(top.__file__).parent if getattr(top, "__file__", None) else None
    return [] if folder is None or not _INSTALLED.isdisjoint(folder.parts) else [folder]


def _is_file(text):
    return text.endswith(".py") or os.sep in text or text.startswith((".", "~"))


def _wanted(text):
    """The absolute path of a file that is there, or the name of a module that Python may find."""
    if not _is_file(text):
        if all(part.isidentifier() for part in text.split(".")):
            return text
        raise ImportError(f"--import {text!r} is neither a file that ends in .py nor the name of a module.")
    path = Path(text).expanduser()
    if path.suffix != ".py":
        raise ImportError(f"--import {text}: expected a file that ends in .py, or the name of a module.")
    if not path.is_file():
        raise FileNotFoundError(f"--import {text}: there is no such file.")
    return str(path.resolve())


def _from_file(path: Path) -> ModuleType:
    name = re.sub(r"\W", "_", path.stem)
    if name in sys.modules:
        if _is_at(getattr(sys.modules[name], "__file__", None), path):
            return sys.modules[name]
        raise ImportError(_taken(path, name))
    found = importlib.util.find_spec(name)
    if found is not None and found.origin is not None and not _is_at(found.origin, path):
        raise ImportError(_taken(path, name))
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # for the modules beside it
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # of a path that ends in .py
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise ImportError(_told(error, str(path))) from error
    return module


def _by_name(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        if isinstance(error, ModuleNotFoundError) and f"{name}.".startswith(f"{error.name}."):
            raise ImportError(
                f"--import {name}: Python finds no module {error.name!r}. Give a file as ./{name}.py, or install the "
                "module, or name its folder in PYTHONPATH."
            ) from error
        raise ImportError(_told(error, name)) from error


def _is_at(file, path):
    return file is not None and os.path.exists(file) and os.path.samefile(file, path)


def _taken(path, name):
    return f"--import {path}: another module has the name {name!r}. Rename the file."


def _told(error, module):
    """The file, the line and the error, of a module that could not be imported."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"{error.filename}, line {error.lineno}: {type(error).__name__}: {one_line(error.msg)}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(_NOT_THE_USERS)]
    if not frames:
        return f"{module}: {type(error).__name__}: {one_line(error)}"
    file = frames[0].filename
    line = [frame.lineno for frame in frames if frame.filename == file][-1]
    return f"{file}, line {line}: {type(error).__name__}: {one_line(error)}"
