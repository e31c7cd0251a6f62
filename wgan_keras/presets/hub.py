"""Presets from the Hugging Face Hub: `hf://user/repo`, or `hf://user/repo@revision`."""

import pathlib
import re
from collections.abc import Iterable
from typing import Any

from wgan_keras._text import one_line
from wgan_keras.files import cache

PREFIX = "hf://"
_NAME = r"[\w-][\w.-]*"
_URI = re.compile(rf"hf://({_NAME}/{_NAME})(?:@([\w-][\w./-]*))?")


def cache_folder() -> pathlib.Path:
    """Where presets are kept: a folder for each repository, and for each revision asked for."""
    return cache.cache_folder() / "hub"


def parse(uri: str) -> tuple[str, str | None]:
    """("user/repo", revision or None) of `hf://user/repo@revision`; ValueError for another form."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise ValueError(f"{uri!r} is no name on the hub; expected hf://user/repo or hf://user/repo@revision.")
    return match[1], match[2]


def client(uri: str) -> Any:
    """The module huggingface_hub, which reads its own environment: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`.

    Raises:
        ImportError: it is not installed.
    """
    try:
        import huggingface_hub.errors  # which the package itself imports late
    except ImportError:
        raise ImportError(f"{uri} needs huggingface_hub: pip install 'wgan_keras[hub]'.") from None
    return huggingface_hub


def download(preset: str, files: Iterable[str]) -> pathlib.Path:
    """The local folder with `files` of the repository `preset`; fetched where they are new or have changed.

    Args:
        preset: `hf://user/repo`, or `hf://user/repo@revision` with a branch, a tag or a commit.
        files: their names.

    Raises:
        ValueError: not of this form.
        ImportError: huggingface_hub is not installed.
        ConnectionError: no answer, or a repository without these files.
    """
    repository, revision = parse(preset)
    # A folder of plain files; in the hub's own cache they would be links to elsewhere.
    folder = cache_folder() / preset.removeprefix(PREFIX).replace("/", "--")
    hub = client(preset)
    try:
        hub.snapshot_download(repository, revision=revision, local_dir=folder, allow_patterns=list(files))
    except Exception as error:  # the client's failures have no common type
        raise ConnectionError(f"{preset} could not be fetched: {told(error)}") from error
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise ConnectionError(f"{preset} is no preset of wgan_keras: it lacks {', '.join(missing)}.")
    return folder


def told(error: Exception) -> str:
    """What an error of the client is and says, in one line."""
    return f"{type(error).__name__}: {one_line(error)}"
