"""Data sets that are a folder of pictures: which split each is in, and which class."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from wgan_keras._progress import Progress, silent
from wgan_keras.data import folder
from wgan_keras.data.dataset import DataSet, Location
from wgan_keras.data.folder_listing import Listing, every_tenth, list_pictures, of_split


class ListedPictures(DataSet):
    """Pictures below a folder, listed once however many splits are read.

    Attributes:
        reported: whether `read_splits` returns the report on what lies in the folder.
    """

    of_pictures = True
    reported: ClassVar[bool] = False

    def split_of(self, listing: Listing, labels: np.ndarray | None) -> list[str]:
        """The split of each picture, "train" or "test"; `labels` are those of `labels_of`, None where none are read."""
        return every_tenth(listing.files)

    def labels_of(self, listing: Listing) -> np.ndarray:
        """The class of each picture, of both splits: int64 (N,)."""
        raise NotImplementedError

    def read_splits(
        self,
        location: Location,
        splits: Sequence[str],
        picture_format: Any = None,  # never None for a set of pictures
        labels: bool = False,
        progress: Progress | None = None,
    ) -> tuple[dict[str, Any], Any]:
        listing = list_pictures(location.path, progress or silent)
        numbers = self.labels_of(listing) if labels else None
        split_of = self.split_of(listing, numbers)
        images, report = folder.read(listing, split_of, splits, picture_format, progress)
        if numbers is not None:
            images = {split: (images[split], of_split(numbers, split_of, split)) for split in splits}
        return images, report if self.reported else None

    def read_labels(self, location: Location, split: str) -> np.ndarray:
        listing = list_pictures(location.path)
        numbers = self.labels_of(listing)
        return of_split(numbers, self.split_of(listing, numbers), split)
