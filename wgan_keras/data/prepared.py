"""Data sets prepared on disk by tensorflow-datasets, in folders <root>/<name>/<version>."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wgan_keras._types import PathLike
from wgan_keras.files.reading import read_json


def default_root() -> Path:
    """Where tensorflow-datasets keeps its data, found without importing it."""
    return Path(os.environ.get("TFDS_DATA_DIR") or Path.home() / "tensorflow_datasets").expanduser()


def find(root: PathLike, name: str) -> Path | None:
    """The folder of the newest prepared version of `name` below `root`, or None.

    Looks at the disk alone: making a tensorflow-datasets builder can wait for the network.
    """
    # A version folder gets its name when it is complete; until then it is called "incomplete...".
    folders = [info.parent for info in Path(root).glob(f"{name}/*/dataset_info.json")]
    versions = [folder for folder in folders if re.fullmatch(r"\d+\.\d+\.\d+", folder.name)]
    return max(versions, key=lambda folder: [int(n) for n in folder.name.split(".")], default=None)


def with_default_config(root: PathLike, name: str) -> str:
    """The name of a set with that of its default configuration, where it has any and none is named."""
    written = Path(root) / name / ".config" / "metadata.json"
    config = read_json(written).get("default_config_name") if written.is_file() else None
    return f"{name}/{config}" if config else name


def open_builder(folder: PathLike) -> Any:
    """The `tfds.core.DatasetBuilder` of a prepared version.

    ImportError, without TensorFlow or tensorflow-datasets, says what to do.
    """
    try:
        import tensorflow  # noqa: F401, tensorflow_datasets misses it late
        import tensorflow_datasets as tfds
    except ImportError as error:
        raise ImportError(
            f"{folder} was prepared by tensorflow-datasets, which reads it through TensorFlow ({error}); install both, "
            "or give data_dir= a folder with the four IDX .gz files (fashion_mnist, mnist)."
        ) from error
    return tfds.builder_from_directory(folder)


def read(folder: PathLike, split: str, feature: str) -> np.ndarray:
    """One feature ("image" or "label") of a whole split as a numpy array, in the order of the files.

    ImportError as `open_builder` has it.
    """
    builder = open_builder(folder)
    import tensorflow as tf
    import tensorflow_datasets as tfds

    with tf.device("CPU:0"):  # a whole data set has no business in a GPU's memory
        examples = builder.as_dataset(
            split=split,
            batch_size=-1,
            shuffle_files=False,
            decoders=tfds.decode.PartialDecoding({feature: True}),
        )
    return np.asarray(examples[feature])


def encoded(builder: Any, split: str, feature: str) -> Iterator[bytes]:
    """The images of a split as the files that they are kept as, in the order of `read`, a few in memory at a time."""
    import tensorflow as tf
    import tensorflow_datasets as tfds

    skip = tfds.decode.SkipDecoding()
    with tf.device("CPU:0"):
        examples = builder.as_dataset(
            split=split,
            shuffle_files=False,
            decoders=tfds.decode.PartialDecoding({feature: True}, decoders={feature: skip}),
            read_config=tfds.ReadConfig(try_autocache=False),
        )
    return (example[feature] for example in examples.as_numpy_iterator())
