"""A folder of pictures of mixed sizes and modes as one array a split."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wgan_keras._progress import Progress
from wgan_keras.data import folder_report, picture_arrays
from wgan_keras.data.dataset import SPLITS
from wgan_keras.data.decoding import decoded
from wgan_keras.data.folder_listing import TEST_EVERY, Listing
from wgan_keras.data.folder_report import FolderReport, Summary
from wgan_keras.data.picture_format import PictureFormat
from wgan_keras.data.pictures import is_gray


def read(
    listing: Listing,
    split_of: Sequence[str],
    splits: Sequence[str],
    picture_format: PictureFormat,
    progress: Progress | None = None,
) -> tuple[dict[str, Any], FolderReport]:
    """The pictures of some splits, uint8 (N, height, width, channels), and a report on all; see `picture_arrays.read`.

    There is one channel if all pictures of the folder, of both splits, are grayscale, else three, unless the format
    says otherwise.

    Args:
        split_of: the split of each file of the listing.

    Raises:
        ValueError: one that names the unreadable files; or a split would be empty.
        NotWrittenError: the cache cannot be written.
    """
    pictures = _FolderPictures(listing, split_of)
    for split in splits:
        if not pictures.counts[split]:
            raise ValueError(
                f"{listing.root} holds {len(listing.files)} pictures: too few for the {split} split; "
                f"test is every {TEST_EVERY}th picture, train the others"
            )
    images, _, about = picture_arrays.read(pictures, splits, picture_format, progress)
    smallest, largest, modes = about["summary"]  # lists, where JSON kept it
    summary = Summary(tuple(smallest), tuple(largest), modes)
    return images, folder_report.report(listing, summary, len(listing.files))


class _FolderPictures:
    """The `picture_arrays.Pictures` of a folder, its files in the order of their splits."""

    def __init__(self, listing: Listing, split_of: Sequence[str]) -> None:
        pairs = list(zip(listing.files, split_of, strict=True))
        self._listing = listing
        self._files = {split: [file for file, its_split in pairs if its_split == split] for split in SPLITS}
        self.root = listing.root
        self.counts = {split: len(files) for split, files in self._files.items()}

    @property
    def files(self) -> list[Path]:
        return [file for files in self._files.values() for file in files]

    def look(self, picture_format: PictureFormat, progress: Progress) -> tuple[PictureFormat, dict[str, Any]]:
        sizes, modes = zip(*folder_report.sizes_and_modes(self._listing, progress), strict=True)
        summary = folder_report.summary(sizes, modes)
        return picture_format.with_channels(1 if all(map(is_gray, modes)) else 3), {"summary": summary}

    def decoded(self, splits: Sequence[str], picture_format: PictureFormat) -> Iterator[np.ndarray]:
        def complaint(unreadable):
            return folder_report.complaint(self.root, unreadable, len(self._listing.files))

        return decoded(((file, file) for split in splits for file in self._files[split]), picture_format, complaint)

    def labels(self) -> None:
        return None  # the folders' names say them
