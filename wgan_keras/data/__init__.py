"""Training data by name: image sets, toy distributions, and folders of pictures.

Nothing here imports TensorFlow until `load`, `stream` on its backend, or data prepared by tensorflow-datasets needs it.
"""

from wgan_keras.data import toys
from wgan_keras.data.arrays import SPLITS, check_image_size, load_arrays, load_labels, load_raw, sha256
from wgan_keras.data.catalog import NAMES, locate
from wgan_keras.data.folder import FolderReport, check_folder
from wgan_keras.data.pipeline import load, stream
from wgan_keras.data.provenance import provenance
from wgan_keras.pixels import scale

__all__ = [
    "NAMES",
    "SPLITS",
    "FolderReport",
    "check_folder",
    "check_image_size",
    "load",
    "load_arrays",
    "load_labels",
    "load_raw",
    "locate",
    "provenance",
    "scale",
    "sha256",
    "stream",
    "toys",
]
