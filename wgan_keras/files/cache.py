"""The user's cache folder."""

import os
import pathlib


def cache_folder() -> pathlib.Path:
    """Where what can be made or fetched again is kept: `~/.cache/wgan_keras`, or below XDG_CACHE_HOME if it is set."""
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "wgan_keras"
