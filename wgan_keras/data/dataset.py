"""What a data set says of itself, and the registry of all data sets."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

from wgan_keras._progress import Progress
from wgan_keras._registry import Registry, subclass_of
from wgan_keras.data.picture_format import PictureFormat

SPLITS = ("train", "test")


def check_split(split: object) -> None:
    """ValueError unless it is the name of a split."""
    if split not in SPLITS:
        raise ValueError(f"split={split!r}; expected 'train' or 'test'")


class Location(NamedTuple):
    """Where data are read from.

    `kind`: "idx", "prepared" (by tensorflow-datasets), "toy", "folder", or a word of your own.
    """

    kind: str
    path: Any  # a `Path`, None where kind is "toy"

    def __str__(self) -> str:
        named = {
            "idx": f"IDX files in {self.path}",
            "prepared": f"prepared by tensorflow-datasets in {self.path}",
            "toy": "made on the spot",
            "folder": f"pictures in {self.path}",
        }
        return named.get(self.kind, f"{self.kind} in {self.path}")


class DataSet:
    """A data set: its source and license, how it is found, fetched and read.

    Subclass it, say `source` and `license`, write `read`, and register the class:

        @wgan_keras.register_data("two_moons")
        class TwoMoons(wgan_keras.data.DataSet):
            source = "made on the spot"
            license = "none needed"

            def read(self, location, split, image_size=None):
                return sklearn.datasets.make_moons(10_000, random_state=split == "test")[0].astype("float32")

    Attributes:
        source: who made it, in words.
        license: of the data, in words.
        classes: the names of its classes in the order of its labels, None for a set without labels.
        attributes: {name: its values} of what is known of its elements beside their class.
        takes_data_dir: whether its files may lie in a folder that the user names.
        side: the pixels on a side of its images where they come in several sizes, None where they have one.
        of_pictures: whether it is made of pictures that become arrays by a `PictureFormat`.
    """

    source: ClassVar[str] = "a data set of the user's own"
    license: ClassVar[str] = "not known"
    classes: ClassVar[tuple[str, ...] | None] = None
    attributes: ClassVar[dict[str, tuple[str, ...]]] = {}
    takes_data_dir: ClassVar[bool] = False
    side: ClassVar[int | None] = None
    of_pictures: ClassVar[bool] = False

    def find(self, data_dir: Path | None = None) -> Location | None:
        """Where it lies on this machine, by a look at file names alone; None if it must be fetched.

        Raises:
            FileNotFoundError: it is not in `data_dir`.
        """
        return Location("toy", None)

    def fetch(self) -> Location:
        """Downloads it and says where it lies now.

        Raises:
            ConnectionError: it cannot be had.
            ImportError: what fetches it is not installed.
        """
        raise ConnectionError(f"{type(self).__name__} is not on this machine, and nothing is known that fetches it.")

    def read(self, location: Location, split: str, image_size: int | None = None) -> np.ndarray:
        """A split, "train" or "test", in its stored order.

        Returns:
            Images uint8 (N, H, W, C) in [0, 255], series float32 (N, steps, channels), or points float32
            (N, D).
        """
        raise NotImplementedError(_lacks(self, "read(self, location, split, image_size=None)", "an array of a split"))

    def read_labels(self, location: Location, split: str) -> np.ndarray:
        """The class of each element of `read_labeled`, in the same order: int64 (N,)."""
        raise NotImplementedError(
            _lacks(self, "read_labels(self, location, split)", "the class of each element: int64 (N,)")
        )

    def read_attribute(self, location: Location, split: str, attribute: str) -> np.ndarray:
        """The number of each element's value of an attribute: int64 (N,), in the order of `read_labels`."""
        raise NotImplementedError(
            _lacks(
                self,
                "read_attribute(self, location, split, attribute)",
                "the number of each element's value: int64 (N,)",
            )
        )

    def read_labeled(
        self, location: Location, split: str, image_size: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(`read`, `read_labels`) of a split. Override it where labels change which elements a split holds."""
        return self.read(location, split, image_size), self.read_labels(location, split)

    def read_splits(
        self,
        location: Location,
        splits: Sequence[str],
        picture_format: PictureFormat | None = None,
        labels: bool = False,
        progress: Progress | None = None,
    ) -> tuple[dict[str, Any], Any]:
        """Some splits by name, each as `read` or with `labels` as `read_labeled` has it; and a report or None.

        Override it where to read several splits at once costs less, and for a set `of_pictures`.

        Args:
            picture_format: of a set of pictures; None for one whose images have a size of their own.
            progress: wraps what takes time, as `tqdm.tqdm(items, total=how_many, desc=what)`.
        """
        read = self.read_labeled if labels else self.read
        size: Any = None if picture_format is None else picture_format.image_size
        return {split: read(location, split, size) for split in splits}, None

    def class_names(self) -> tuple[str, ...] | None:
        """The names of its classes in the order of its labels, None for a set without labels."""
        return self.classes

    def modes(self) -> tuple[np.ndarray, float] | None:
        """Of a mixture: the modes' centers (modes, D) and the standard deviation around each; None for other data."""
        return None


def _lacks(data_set, method, what):
    return f"{type(data_set).__name__} has no {method.partition('(')[0]}. Write {method}, which returns {what}."


def _that_reads(kind: type[DataSet]) -> type[DataSet]:
    """The class; TypeError where it reads nothing."""
    if kind.read is DataSet.read and kind.read_splits is DataSet.read_splits:
        raise TypeError(
            f"{kind.__name__} has no read. Write read(self, location, split, image_size=None), which returns images "
            "uint8 (N, H, W, C), series float32 (N, steps, channels), or points float32 (N, D)."
        )
    return kind


DATASETS: Registry[type[DataSet]] = Registry(
    "data set",
    "register_data",
    subclass_of(DataSet, "data set", "wgan_keras.data.DataSet", then=_that_reads),
)


def register_data(name: str) -> Callable[[type[DataSet]], type[DataSet]]:
    """A decorator that registers a `DataSet` under the name that recipes and the command know it by.

    Raises:
        ValueError: another set has the name.
        TypeError: the class is no `DataSet`, or has no `read`.
    """
    return DATASETS.register(name)
