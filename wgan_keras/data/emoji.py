"""About 3,700 emoji in color at 64x64: Google's Noto Emoji, as the npm package emoji-datasource-google holds them."""

import os
import pathlib
import shutil
import subprocess
import tarfile
from typing import IO, cast

import numpy as np

from wgan_keras.data.dataset import DataSet, Location, register_data
from wgan_keras.data.folder import read_folder
from wgan_keras.temporaries import workshop

_PACKAGE = "emoji-datasource-google@16.0.0"  # one version, so that one recipe means one set of pictures
_INSIDE = "package/img/google/64/"
_A_PICTURE = "1f600.png"  # the grinning face
_PATIENCE = 300  # seconds for npm


@register_data("emoji")
class Emoji(DataSet):
    """A folder of pictures that npm brings."""

    source = "Noto Emoji by Google, the 64x64 pictures of the npm package emoji-datasource-google"
    license = "Apache-2.0 (pictures), MIT (their packaging)"
    takes_data_dir = True
    side = 64

    def find(self, data_dir: pathlib.Path | None = None) -> Location | None:
        folder = find(cache_folder() if data_dir is None else data_dir)
        if folder is None and data_dir is not None:
            raise FileNotFoundError(f"data_dir={str(data_dir)!r} has no emoji; expected the unpacked npm package in it")
        return None if folder is None else Location("folder", folder)

    def fetch(self) -> Location:
        return Location("folder", download())

    def read(self, location: Location, split: str, image_size: int | None = None) -> np.ndarray:
        return read_folder(location.path, split, self.side if image_size is None else image_size)


def cache_folder() -> pathlib.Path:
    """Where downloaded pictures are kept."""
    return pathlib.Path.home() / ".cache" / "wgan_keras" / "data" / _PACKAGE


def find(root: pathlib.Path) -> pathlib.Path | None:
    """The folder of pictures in `root`: itself, or inside of the unpacked package; None if they are not there."""
    candidates = [root / inside for inside in ("", "img/google/64", _INSIDE)]
    return next((folder for folder in candidates if (folder / _A_PICTURE).is_file()), None)


def download() -> pathlib.Path:
    """Fetches the package by `npm pack` and keeps its pictures in `cache_folder()`; returns that folder.

    Raises:
        ConnectionError: npm is not there, or has no answer.
    """
    target = cache_folder()
    with workshop(target.parent) as folder:
        archive = _pack(folder)
        (folder / "pictures").mkdir()
        with tarfile.open(archive) as members:
            for member in members:
                if member.isfile() and member.name.startswith(_INSIDE) and member.name.endswith(".png"):
                    picture = folder / "pictures" / pathlib.PurePosixPath(member.name).name
                    picture.write_bytes(cast(IO[bytes], members.extractfile(member)).read())
        shutil.rmtree(target, ignore_errors=True)
        os.replace(folder / "pictures", target)
    return target


def _pack(folder):
    try:
        command = ["npm", "pack", _PACKAGE]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_PATIENCE)
    except FileNotFoundError:
        raise ConnectionError(_complaint("npm is not installed")) from None
    except subprocess.CalledProcessError as error:
        # The first lines say what is wrong, the last where npm keeps its log.
        reason = "; ".join(error.stderr.strip().splitlines()[:2])
        raise ConnectionError(_complaint(reason or f"npm pack ended with {error.returncode}")) from None
    except subprocess.TimeoutExpired:
        raise ConnectionError(_complaint(f"npm has not answered for {_PATIENCE} seconds")) from None
    return next(folder.glob("*.tgz"))


def _complaint(reason):
    return (
        f"emoji is not on this machine and cannot be downloaded ({reason}); install npm, or give data_dir= a folder "
        f"in which the npm package {_PACKAGE} is unpacked"
    )
