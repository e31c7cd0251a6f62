"""Sets of pictures that npm brings as drawings (SVG): made pixels of once, when fetched, and kept in the cache."""

import abc
import pathlib
from collections.abc import Iterable
from typing import ClassVar

import numpy as np

from wgan_keras.data import svg
from wgan_keras.data.dataset import Location
from wgan_keras.data.decoding import attempts
from wgan_keras.data.folder_listing import Listing, list_pictures, of_split
from wgan_keras.data.listed_pictures import ListedPictures
from wgan_keras.files import cache, npm
from wgan_keras.files.saving import add_folder
from wgan_keras.files.temporaries import workshop

SIDE = 128  # of the pictures that are kept


class DrawnPictures(ListedPictures, abc.ABC):
    """A folder of pictures that were drawn here, with a table of what they show.

    Attributes:
        folder: its name in the cache, with the version of what it holds.
        table: the name of the table in it, by which the folder is known.
    """

    folder: ClassVar[str]
    table: ClassVar[str]
    takes_data_dir = True
    side = 64

    @abc.abstractmethod
    def make(self, work: pathlib.Path, made: pathlib.Path) -> None:
        """Fetches what is needed into the empty folder `work`, draws all pictures and writes the table into `made`."""

    @abc.abstractmethod
    def names(self, listing: Listing, attribute: str | None) -> list[str]:
        """The name of each picture's class, or of its value of an attribute."""

    def find(self, data_dir: pathlib.Path | None = None) -> Location | None:
        folder = self._cached() if data_dir is None else data_dir
        if (folder / self.table).is_file():
            return Location("folder", folder)
        if data_dir is not None:
            raise FileNotFoundError(
                f"data_dir={str(data_dir)!r} has no {self.table}; expected a copy of the folder {self.folder} that "
                "another machine has in its ~/.cache/wgan_keras/data"
            )
        return None

    def fetch(self) -> Location:
        """Fetches the drawings by `npm pack` and draws them, which takes minutes.

        Raises:
            ConnectionError: npm is not there, or has no answer.
            ImportError: resvg_py is not installed.
        """
        svg.rasterize("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>", 1)  # rather before the download
        target = self._cached()
        with workshop(target.parent) as folder:
            work, made = folder / "work", folder / "made"
            work.mkdir()
            made.mkdir()
            self.make(work, made)
            add_folder(made, target, self.find)
        return Location("folder", target)

    def _cached(self):
        return cache.cache_folder() / "data" / self.folder

    def labels_of(self, listing: Listing) -> np.ndarray:
        return self._numbers(listing, None, self.classes)

    def read_attribute(self, location: Location, split: str, attribute: str) -> np.ndarray:
        listing = list_pictures(location.path)
        numbers = self._numbers(listing, attribute, self.attributes[attribute])
        return of_split(numbers, self.split_of(listing, numbers), split)

    def _numbers(self, listing, attribute, known):
        """The number of each picture's name among the known ones: int64 (N,)."""
        names = self.names(listing, attribute)
        strange = sorted(set(names) - set(known))
        if strange:
            raise ValueError(
                f"pictures in {listing.root} are of {', '.join(strange)}; expected {', '.join(known)}; fetch them again"
            )
        return np.array([known.index(name) for name in names], "int64")


def pack(package: str, folder: pathlib.Path) -> pathlib.Path:
    """The archive of an npm package, in a new folder.

    Raises:
        ConnectionError: it cannot be had.
    """
    folder.mkdir()
    try:
        return npm.pack(package, folder)
    except npm.NoPackageError as error:
        raise ConnectionError(
            f"the drawings are not on this machine, and {package} cannot be downloaded ({error}); install npm, or give "
            "data_dir= the folder that another machine made in its ~/.cache/wgan_keras/data"
        ) from None


def draw(drawings: Iterable[tuple[str, str]], folder: pathlib.Path, total: int, of: str) -> None:
    """Each drawing as NAME.png in a folder, which is made where it is not there, with a bar.

    Args:
        drawings: (name, SVG document) of each.
        folder: where they go.
        total: how many there are.
        of: what they show, for people.

    Raises:
        ValueError: one that no pixels can be made of.
    """
    from tqdm import tqdm

    folder.mkdir(exist_ok=True)
    drawn = attempts(lambda drawing: svg.rasterize(drawing[1], SIDE), drawings)
    for (name, _), content, reason in tqdm(drawn, total=total, desc=of, unit=" pictures"):
        if reason is not None:
            raise ValueError(f"the drawing {name} of {of} cannot be made pixels of: {reason}")
        (folder / f"{name}.png").write_bytes(content)
