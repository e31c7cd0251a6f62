"""Any image set of tensorflow-datasets by its name there: tfds:lsun/bedroom."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wgan_keras._progress import Progress
from wgan_keras.data import picture_arrays, prepared
from wgan_keras.data.dataset import Location
from wgan_keras.data.prepared_pictures import PreparedPictures
from wgan_keras.data.tfds import FromTFDS

PREFIX = "tfds:"


class TFDSPictures(FromTFDS):
    """An image set of tensorflow-datasets, whose pictures become as large as is asked for.

    Args:
        name: "tfds:NAME" or "tfds:NAME/CONFIG".
        data_dir: where it lies; None for tensorflow-datasets' own folder.

    Raises:
        ValueError: a name of another form.
    """

    source = "an image set of tensorflow-datasets"
    url = "https://storage.googleapis.com/tfds-data/community-datasets-list.jsonl"
    remedy = "data_dir= a folder with data that tensorflow-datasets prepared on a machine with a network"
    of_pictures = True

    def __init__(self, name: str, data_dir: Path | None = None) -> None:
        self.name = name.removeprefix(PREFIX)
        self.data_dir = data_dir
        if not re.fullmatch(r"\w+(/[\w.-]+)?", self.name):
            raise ValueError(f"data {name!r} names no set; expected {PREFIX}NAME or {PREFIX}NAME/CONFIG")

    def find(self, data_dir: Path | None = None) -> Location | None:
        root = prepared.default_root() if data_dir is None else data_dir
        folder = prepared.find(root, prepared.with_default_config(root, self.name))
        return Location("prepared", folder) if folder else super().find(data_dir)

    def read_splits(
        self,
        location: Location,
        splits: Sequence[str],
        picture_format: Any = None,  # never None for a set of pictures
        labels: bool = False,
        progress: Progress | None = None,
    ) -> tuple[dict[str, Any], None]:
        images, numbers, _ = picture_arrays.read(PreparedPictures(location.path), splits, picture_format, progress)
        if labels and numbers is not None:
            return {split: (images[split], numbers[split]) for split in splits}, None
        return images, None

    def read_labels(self, location: Location, split: str) -> np.ndarray:
        return PreparedPictures(location.path).labels_of(split)

    def class_names(self) -> tuple[str, ...] | None:
        """The names of its classes, which its files say: it is fetched where it is not on this machine."""
        location = self.find(self.data_dir) or self.fetch()
        return PreparedPictures(location.path).class_names()
