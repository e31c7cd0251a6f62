"""Where the folder of a preset lies: in the zoo, on the hub, or anywhere. No framework is imported here."""

import os
import pathlib

from wgan_keras._text import did_you_mean
from wgan_keras._types import PathLike
from wgan_keras.presets import hub
from wgan_keras.presets.files import FILES, METADATA

_PACKAGE = pathlib.Path(__file__).parents[1]
# Installed, the zoo is inside the package; in a checkout it is beside it.
ZOO = _PACKAGE / "zoo" if (_PACKAGE / "zoo").is_dir() else _PACKAGE.parent / "zoo"


def list_presets() -> list[str]:
    """The names of the presets that come with the package, sorted."""
    return sorted(path.parent.name for path in ZOO.glob(f"*/{METADATA}"))


def locate(preset: PathLike) -> pathlib.Path:
    """The folder of a preset.

    Args:
        preset: a name of `list_presets()`, which goes first; `hf://user/repo[@revision]`, downloaded once; the folder
            of a preset, or of a run, whose `preset/` is meant. A `pathlib.Path` is always a folder.

    Raises:
        ValueError: a name that means nothing.
        FileNotFoundError: a folder that is not there.
        ImportError: `hf://` without huggingface_hub.
        ConnectionError: the hub does not answer, or has no such preset.
    """
    name = str(preset)
    if name.startswith(hub.PREFIX):
        return hub.download(name, FILES)
    if _is_built_in(preset):
        return ZOO / name
    folder = pathlib.Path(preset).expanduser()
    if folder.is_dir():
        return folder / "preset" if (folder / "preset").is_dir() else folder
    if isinstance(preset, pathlib.Path) or os.sep in name or name.startswith(("~", ".")):
        raise FileNotFoundError(f"There is no folder {folder}; expected that of a preset or of a run.")
    raise ValueError(
        f"There is no preset {name!r}{did_you_mean(name, list_presets())}; expected a folder, hf://user/repo, or one "
        f"of {', '.join(list_presets()) or 'none: no presets are installed'}."
    )


def in_run(name: PathLike, file: str) -> pathlib.Path | None:
    """The path of a file in the folder of a run; None if there is none, or if a built-in preset has the name."""
    path = pathlib.Path(name).expanduser() / file
    return path if not _is_built_in(name) and path.is_file() else None


def _is_built_in(preset):
    return isinstance(preset, str) and preset in list_presets()
