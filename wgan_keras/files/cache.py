"""The user's cache folder."""

import os
import pathlib


def cache_folder() -> pathlib.Path:
    """Where what can be made or fetched again is kept: `~/.cache/wgan_keras`, or below XDG_CACHE_HOME if it is set.

    `~` in XDG_CACHE_HOME is the home, which a shell does not always put there. A relative path is ignored, as the XDG
    specification says: it would be another folder in each working directory.
    """
    named = pathlib.Path(os.path.expanduser(os.environ.get("XDG_CACHE_HOME", "")))
    return (named if named.is_absolute() else pathlib.Path.home() / ".cache") / "wgan_keras"
