"""Data sets that tensorflow-datasets knows: prepared on disk by it, or as IDX files, or fetched through it."""

import threading
import urllib.request
from pathlib import Path
from typing import ClassVar

import numpy as np

from wgan_keras.data import idx, prepared
from wgan_keras.data.dataset import DataSet, Location


class FromTFDS(DataSet):
    """An image set of tensorflow-datasets.

    Attributes:
        name: there, and here.
        url: of a small file at the place that its builder fetches from.
        remedy: what to do without a network.
        as_idx: whether a folder of IDX files is taken as well.
    """

    name: str
    url: ClassVar[str]
    remedy: ClassVar[str]
    as_idx: ClassVar[bool] = False
    takes_data_dir = True

    def find(self, data_dir: Path | None = None) -> Location | None:
        if data_dir is not None:
            return self._find_below(data_dir)
        folder = prepared.find(prepared.default_root(), self.name)
        return None if folder is None else Location("prepared", folder)

    def _find_below(self, root: Path) -> Location:
        if self.as_idx and idx.is_idx_folder(root):
            return Location("idx", root)
        folder = prepared.find(root, self.name)
        if folder:
            return Location("prepared", folder)
        expected = f"{self.name}/<version>/dataset_info.json as tensorflow-datasets prepares it"
        if self.as_idx:
            expected = f"{idx.file_name('train', 'images')} and the other IDX files in it, or {expected}"
        raise FileNotFoundError(f"data_dir={str(root)!r} has no {self.name}; expected {expected}")

    def fetch(self) -> Location:
        """Downloads and prepares it in tensorflow-datasets' own folder.

        Raises:
            ConnectionError: within seconds where the network is not there.
            ImportError: tensorflow-datasets is not installed.
        """
        if not reachable(self.url):
            raise ConnectionError(self._complaint(f"no answer from {self.url}"))
        try:
            import tensorflow_datasets as tfds
        except ImportError as error:
            raise ImportError(self._complaint(error)) from error
        try:
            builder = tfds.builder(self.name)
            builder.download_and_prepare()
        except Exception as error:  # the downloader's failures have no common type
            raise ConnectionError(self._complaint(f"{type(error).__name__}: {error}")) from error
        return Location("prepared", Path(builder.data_dir))

    def _complaint(self, reason):
        missing = f"{self.name} is not on this machine and cannot be downloaded ({reason})"
        return f"{missing}; without a network use {self.remedy}"

    def read(self, location: Location, split: str, image_size: int | None = None) -> np.ndarray:
        if location.kind == "idx":
            return idx.read_images(location.path, split)
        return prepared.read(location.path, split, "image")

    def read_labels(self, location: Location, split: str) -> np.ndarray:
        if location.kind == "idx":
            return idx.read_labels(location.path, split)
        return prepared.read(location.path, split, "label").astype("int64")


def reachable(url: str, timeout: float = 5.0) -> bool:
    """Whether a HEAD request to `url` succeeds within `timeout` seconds."""
    answers = []

    def ask():
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=timeout):
                answers.append(True)
        except OSError:
            pass

    # In a thread, because urlopen's timeout does not bound the name look-up, which can hang for minutes.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    return bool(answers)
