"""The pictures of any image set that tensorflow-datasets prepared, undecoded, and their labels."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wgan_keras._progress import Progress
from wgan_keras.data import prepared
from wgan_keras.data.decoding import Unreadable, decoded
from wgan_keras.data.folder_listing import TEST_EVERY
from wgan_keras.data.picture_format import PictureFormat
from wgan_keras.pipelines.pixels import Channels

_TEST_SPLITS = ("test", "validation")  # the first that a set has is the test split
_NAMED = 3  # unreadable examples named in an error


class PreparedPictures:
    """The `picture_arrays.Pictures` of a prepared set.

    The train split is the set's own. The test split is the set's "test", else its "validation", else every 10th example
    of "train", which the train split then is without.

    Args:
        folder: a version of a set, as `prepared.find` finds it.

    Raises:
        ValueError: the set has no train split, or other images than one of uint8 an example.
        ImportError: tensorflow-datasets or TensorFlow is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.files = sorted(path for path in folder.iterdir() if path.is_file())
        self._builder = prepared.open_builder(folder)
        self._features = dict(self._builder.info.features.items())
        self._image, self._channels = self._find_image()
        self._sizes = {name: split.num_examples for name, split in self._builder.info.splits.items()}
        if not self._sizes.get("train"):
            raise ValueError(f"{folder} has no split 'train'; it has {', '.join(self._sizes) or 'none'}")
        held_out = next((name for name in _TEST_SPLITS if name in self._sizes), "train")
        self._source = {"train": "train", "test": held_out}
        self.counts = {split: int(self._is_of(split, self._sizes[self._source[split]]).sum()) for split in self._source}

    def _is_of(self, split, size):
        """Which of the `size` examples that a split comes from are its own: bool (size,)."""
        if self._source["test"] != "train":
            return np.ones(size, bool)
        return (np.arange(1, size + 1) % TEST_EVERY == 0) == (split == "test")

    def _find_image(self) -> tuple[str, Channels]:
        """(name of the feature, channels) of the one image of an example."""
        images = {name: each for name, each in self._features.items() if type(each).__name__ == "Image"}
        name = "image" if "image" in images else next(iter(images), None)
        if name is None or (len(images) > 1 and name != "image") or images[name].np_dtype != np.uint8:
            told = ", ".join(f"{name} ({type(each).__name__})" for name, each in self._features.items())
            raise ValueError(f"{self.root} has the features {told}; expected one Image of uint8, or one called 'image'")
        return name, 1 if images[name].shape[-1] == 1 else 3

    def class_names(self) -> tuple[str, ...] | None:
        """The names of the classes of the feature "label"; None for a set without it."""
        label = self._features.get("label")
        return tuple(label.names) if label is not None and type(label).__name__ == "ClassLabel" else None

    def look(self, picture_format: PictureFormat, progress: Progress) -> tuple[PictureFormat, dict[str, Any]]:
        return picture_format.with_channels(self._channels), {}

    def decoded(self, splits: Sequence[str], picture_format: PictureFormat) -> Iterator[np.ndarray]:
        def complaint(unreadable: Unreadable) -> str:
            named = "; ".join(f"{name} ({reason})" for name, reason in unreadable[:_NAMED])
            return (
                f"{len(unreadable)} pictures in {self.root} cannot be read, the first are: {named}; let "
                "tensorflow-datasets prepare the set again"
            )

        return decoded((each for split in splits for each in self._encoded(split)), picture_format, complaint)

    def _encoded(self, split):
        """(a name, the picture as a file) of each example of a split."""
        source = self._source[split]
        own = self._is_of(split, self._sizes[source])
        for number, content in enumerate(prepared.encoded(self._builder, source, self._image)):
            if own[number]:
                yield f"example {number} of {source}", io.BytesIO(content)

    def labels(self) -> np.ndarray | None:
        if self.class_names() is None:
            return None
        return np.concatenate([self.labels_of(split) for split in self.counts])

    def labels_of(self, split: str) -> np.ndarray:
        """The labels of a split: int64 (N,)."""
        labels = prepared.read(self.root, self._source[split], "label").astype("int64")
        return labels[self._is_of(split, len(labels))]
