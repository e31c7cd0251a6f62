"""About 3,800 emoji in color at 64x64: Google's Noto Emoji, as the npm package emoji-datasource-google holds them.

The package's emoji.json says the category of each, of Unicode's ten: the labels.
"""

import os
import pathlib
import tarfile
from typing import IO, cast

import numpy as np

from wgan_keras.data import emoji_table
from wgan_keras.data.dataset import Location, register_data
from wgan_keras.data.folder_listing import Listing
from wgan_keras.data.listed_pictures import ListedPictures
from wgan_keras.files import cache, npm
from wgan_keras.files.saving import add_folder
from wgan_keras.files.temporaries import workshop

_PACKAGE = "emoji-datasource-google@16.0.0"  # one version, so that one recipe means one set of pictures
_INSIDE = "package/img/google/64/"
_TABLE = emoji_table.NAME
_A_PICTURE = "1f600.png"  # the grinning face


@register_data("emoji")
class Emoji(ListedPictures):
    """About 3,800 emoji, in color, 64x64: a folder of pictures that npm brings."""

    source = "Noto Emoji by Google, the 64x64 pictures of the npm package emoji-datasource-google"
    license = "Apache-2.0 (pictures), MIT (their packaging)"
    classes = (
        *("Smileys & Emotion", "People & Body", "Component", "Animals & Nature", "Food & Drink"),
        *("Travel & Places", "Activities", "Objects", "Symbols", "Flags"),
    )
    takes_data_dir = True
    side = 64

    def find(self, data_dir: pathlib.Path | None = None) -> Location | None:
        folder = find(cache_folder() if data_dir is None else data_dir)
        if folder is None and data_dir is not None:
            raise FileNotFoundError(f"data_dir={str(data_dir)!r} has no emoji; expected the unpacked npm package in it")
        return None if folder is None else Location("folder", folder)

    def fetch(self) -> Location:
        return Location("folder", download())

    def labels_of(self, listing: Listing) -> np.ndarray:
        """The category of each picture. Component, the five colors of skin, has no picture in the test split.

        Where an earlier version kept the pictures alone, the package is fetched again.
        """
        table = find_table(listing.root) or _download_table(listing.root)
        category_of = emoji_table.read_field(table, "category")
        names = [file.name for file in listing.files]
        lacking = [name for name in names if category_of.get(name) not in self.classes]
        if lacking:
            raise ValueError(
                f"{_TABLE} of the pictures in {listing.root} says no category, of {', '.join(self.classes)}, for "
                f"{len(lacking)} of them, the first is {lacking[0]}; expected the files of the npm package {_PACKAGE}"
            )
        return np.array([self.classes.index(category_of[name]) for name in names], "int64")


def cache_folder() -> pathlib.Path:
    """Where downloaded pictures are kept."""
    return cache.cache_folder() / "data" / _PACKAGE


def find(root: pathlib.Path) -> pathlib.Path | None:
    """The folder of pictures in `root`: itself, or inside of the unpacked package; None if they are not there."""
    candidates = [root / inside for inside in ("", "img/google/64", _INSIDE)]
    return next((folder for folder in candidates if (folder / _A_PICTURE).is_file()), None)


def find_table(pictures: pathlib.Path) -> pathlib.Path | None:
    """The emoji.json that belongs to a folder of pictures: in it, or where the package has it; None if not there."""
    candidates = [pictures / _TABLE, pictures / "../../.." / _TABLE]
    return next((table for table in candidates if table.is_file()), None)


def download() -> pathlib.Path:
    """Fetches the package by `npm pack`, keeps pictures and emoji.json in `cache_folder()`, and returns that folder.

    Raises:
        ConnectionError: npm is not there, or has no answer.
    """
    target = cache_folder()
    with workshop(target.parent) as folder:
        (folder / "pictures").mkdir()
        _unpack(_pack(folder), folder / "pictures")
        add_folder(folder / "pictures", target, lambda: find(target))
    return target


def _download_table(pictures):
    """Fetches emoji.json for the pictures in the cache; FileNotFoundError for those of a folder of the user's own."""
    if pictures != cache_folder():
        raise FileNotFoundError(
            f"there is no {_TABLE} for the emoji in {pictures}, which has their categories; expected it there, or "
            f"data_dir= a folder in which the npm package {_PACKAGE} is unpacked"
        )
    with workshop(pictures.parent) as folder:
        (folder / "whole").mkdir()
        _unpack(_pack(folder), folder / "whole")
        os.replace(folder / "whole" / _TABLE, pictures / _TABLE)
    return pictures / _TABLE


def _unpack(archive, target):
    """Its pictures and its table, all in one folder."""
    with tarfile.open(archive) as members:
        for member in members:
            is_picture = member.name.startswith(_INSIDE) and member.name.endswith(".png")
            if member.isfile() and (is_picture or member.name == f"package/{_TABLE}"):
                content = cast(IO[bytes], members.extractfile(member)).read()
                (target / pathlib.PurePosixPath(member.name).name).write_bytes(content)


def _pack(folder):
    try:
        return npm.pack(_PACKAGE, folder)
    except npm.NoPackageError as error:
        raise ConnectionError(
            f"emoji is not on this machine and cannot be downloaded ({error}); install npm, or give data_dir= a folder "
            f"in which the npm package {_PACKAGE} is unpacked"
        ) from None
