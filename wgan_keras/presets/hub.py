"""Presets from the Hugging Face Hub: `hf://user/repo`."""

import pathlib
import re
from collections.abc import Iterable

from wgan_keras import _files

PREFIX = "hf://"


def cache_folder() -> pathlib.Path:
    """Where presets are kept: a folder for each repository."""
    return _files.cache_folder() / "hub"


def download(preset: str, files: Iterable[str]) -> pathlib.Path:
    """The local folder with `files` of the repository `hf://user/repo`; fetched where they are new or have changed.

    huggingface_hub does it, and reads its own environment variables (`HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`).

    Raises:
        ValueError: not of the form hf://user/repo.
        ImportError: huggingface_hub is not installed.
        ConnectionError: no answer, or a repository without these files.
    """
    if not re.fullmatch(r"hf://[\w-][\w.-]*/[\w-][\w.-]*", preset):
        raise ValueError(f"{preset!r} is no name on the hub; expected hf://user/repo.")
    try:
        import huggingface_hub
    except ImportError:
        raise ImportError(f"{preset} needs huggingface_hub: pip install 'wgan_keras[hub]'.") from None
    repository = preset.removeprefix(PREFIX)
    # A folder of plain files; in the hub's own cache they would be links to elsewhere.
    folder = cache_folder() / repository.replace("/", "--")
    try:
        huggingface_hub.snapshot_download(repository, local_dir=folder, allow_patterns=list(files))
    except Exception as error:  # the client's failures have no common type
        first_line = str(error).strip().split("\n")[0]
        raise ConnectionError(f"{preset} could not be fetched: {type(error).__name__}: {first_line}") from error
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise ConnectionError(f"{preset} is no preset of wgan_keras: it lacks {', '.join(missing)}.")
    return folder
