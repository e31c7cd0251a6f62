"""A folder of pictures of mixed sizes and modes as one array a split."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from wgan_keras._types import PathLike
from wgan_keras.data import folder_classes, folder_report, picture_arrays
from wgan_keras.data.dataset import SPLITS
from wgan_keras.data.decoding import Progress, decoded, silent
from wgan_keras.data.folder_listing import TEST_EVERY, Listing, every_tenth, list_pictures, of_split
from wgan_keras.data.folder_report import FolderReport, Summary
from wgan_keras.data.picture_format import PictureFormat
from wgan_keras.data.pictures import is_gray

Images: TypeAlias = dict[str, np.ndarray]  # by split, uint8 (N, height, width, channels)
Labeled: TypeAlias = dict[str, tuple[np.ndarray, np.ndarray]]


def read_splits(
    path: PathLike, splits: Sequence[str], picture_format: PictureFormat, progress: Progress | None = None
) -> tuple[Images, FolderReport]:
    """The pictures of some splits, and a report on all; see `picture_arrays.read`.

    Test is every 10th picture in sorted order (the 10th, 20th, ...), train the others. There is one channel if all
    pictures of the folder, of both splits, are grayscale, else three, unless the format says otherwise.

    Raises:
        ValueError: one that names the unreadable files; or a split would be empty.
        NotWrittenError: the cache cannot be written.
    """
    listing = list_pictures(path, progress or silent)
    return read_listed(listing, every_tenth(listing.files), splits, picture_format, progress)


def read_listed(
    listing: Listing,
    split_of: Sequence[str],
    splits: Sequence[str],
    picture_format: PictureFormat,
    progress: Progress | None = None,
) -> tuple[Images, FolderReport]:
    """The same of a folder that has been listed, where `split_of` says the split of each file."""
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


def read_labeled_splits(
    path: PathLike, splits: Sequence[str], picture_format: PictureFormat, progress: Progress | None = None
) -> tuple[Labeled, FolderReport]:
    """The same of a folder with one subfolder a class, with labels int64 (N,) beside the images.

    The splits are those of `read_splits`, but for classes of which they hold no test picture: each such class gives its
    last picture to the test split, unless it has no other.

    Raises:
        ValueError: as `folder_classes.labels_of` and `read_splits` have it.
    """
    listing = list_pictures(path, progress or silent)
    split_of, labels = _labeled(listing)
    images, report = read_listed(listing, split_of, splits, picture_format, progress)
    return {split: (images[split], of_split(labels, split_of, split)) for split in splits}, report


def read_labels(path: PathLike, split: str) -> np.ndarray:
    """The labels alone of a split of `read_labeled_splits`: int64 (N,), without decoding a picture."""
    split_of, labels = _labeled(list_pictures(path))
    return of_split(labels, split_of, split)


def _labeled(listing):
    labels = folder_classes.labels_of(listing.root, listing.files)
    return folder_classes.with_every_class(every_tenth(listing.files), labels), labels


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
