"""Data sets prepared on disk by tensorflow-datasets, in folders <root>/<name>/<version>."""

import os
import re
from pathlib import Path

import numpy as np

from wgan_keras._types import PathLike


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


def read(folder: PathLike, split: str, feature: str) -> np.ndarray:
    """One feature ("image" or "label") of a whole split as a numpy array, in the order of the files.

    ImportError, without TensorFlow or tensorflow-datasets, says what to do.
    """
    try:
        import tensorflow as tf
        import tensorflow_datasets as tfds
    except ImportError as error:
        raise ImportError(
            f"{folder} was prepared by tensorflow-datasets, which reads it through TensorFlow ({error}); install both, "
            "or give data_dir= a folder with the four IDX .gz files (fashion_mnist, mnist)."
        ) from error

    builder = tfds.builder_from_directory(folder)
    with tf.device("CPU:0"):  # a whole data set has no business in a GPU's memory
        examples = builder.as_dataset(
            split=split,
            batch_size=-1,
            shuffle_files=False,
            decoders=tfds.decode.PartialDecoding({feature: True}),
        )
    return np.asarray(examples[feature])
