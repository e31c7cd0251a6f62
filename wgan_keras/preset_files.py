"""Where the folder of a preset lies, and whether its files may be opened. No framework is imported here."""

import os
import pathlib

import numpy as np

from wgan_keras import hub, preset_metadata, weights_files
from wgan_keras._files import read_json
from wgan_keras._text import did_you_mean
from wgan_keras.former_names import presently_named
from wgan_keras.saving import sha256

CONFIG, WEIGHTS, METADATA = FILES = ("config.json", "model.weights.h5", "metadata.json")
_NUMBERS = 2  # of a file for each parameter: the generator's average beside it
_FORM = 2**24  # bytes for what else a file has

_PACKAGE = pathlib.Path(__file__).parent
# Installed, the zoo is inside the package; in a checkout it is beside it.
ZOO = _PACKAGE / "zoo" if (_PACKAGE / "zoo").is_dir() else _PACKAGE.parent / "zoo"


def list_presets():
    """The names of the presets that come with the package, sorted."""
    return sorted(path.parent.name for path in ZOO.glob(f"*/{METADATA}"))


def locate(preset):
    """The folder of a preset.

    Args:
        preset: a name of `list_presets()`, which goes first; `hf://user/repo`, downloaded once; the folder of a
            preset, or of a run, whose `preset/` is meant. A `pathlib.Path` is always a folder.

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


def in_run(name, file):
    """The path of a file in the folder of a run; None if there is none, or if a built-in preset has the name."""
    path = pathlib.Path(name).expanduser() / file
    return path if not _is_built_in(name) and path.is_file() else None


def _is_built_in(preset):
    return isinstance(preset, str) and preset in list_presets()


def read_metadata(folder):
    """What metadata.json of a preset says, checked field by field; see `wgan_keras.preset_metadata`.

    Raises:
        ValueError: not JSON, or fields that no preset has, or values of other kinds.
    """
    path = pathlib.Path(folder) / METADATA
    metadata = presently_named(read_json(path, "Copy the preset again."))
    preset_metadata.check(path, metadata)
    return metadata


def check_files(folder):
    """All files of a preset are there, and are that folder's own.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a file is a link to something outside the folder.
    """
    folder = pathlib.Path(folder)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{folder} is no preset: it lacks {', '.join(missing)}.")
    for name in FILES:
        target = (folder / name).resolve()
        if target.parent != folder.resolve():
            raise ValueError(f"{folder / name} is a link to {target}, outside the preset; put the file itself there.")


def check_weights(folder, metadata):
    """The weights are those that the metadata speak of, as many as it says; ValueError if not."""
    weights = pathlib.Path(folder) / WEIGHTS
    parameters = metadata["parameters"]
    limit = 4 * _NUMBERS * sum(parameters.values()) + _FORM
    size = weights.stat().st_size
    if size > limit:
        raise ValueError(
            f"{weights} has {size:,} bytes, and the preset says that it holds {sum(parameters.values()):,} parameters; "
            f"expected at most {limit:,} bytes. Copy the preset again."
        )
    found = sha256(weights)
    if found != metadata["weights_sha256"]:
        raise ValueError(
            f"{weights} has sha256 {found} and the preset says {metadata['weights_sha256']}: it was cut short or "
            "changed. Copy the preset again."
        )
    held = weights_files.check(weights, weights, size, (np.float32,), "Copy the preset again.")
    other = {role: held.get(role, 0) for role in parameters if held.get(role, 0) != parameters[role]}
    if other:
        raise ValueError(f"{weights} holds {other} numbers, and the preset says {parameters}. Copy the preset again.")
