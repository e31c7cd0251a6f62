"""Training data by name: image sets, toy distributions, and folders of pictures.

Nothing here imports TensorFlow until `load`, `stream` on its backend, or data prepared by tensorflow-datasets needs it.
"""

from wgan_keras.data.arrays import load_arrays, load_raw, load_splits, sha256
from wgan_keras.data.catalog import locate, provenance, toys
from wgan_keras.data.dataset import DATASETS, SPLITS, DataSet, Location, register_data
from wgan_keras.data.folder_report import FolderReport, check_folder
from wgan_keras.data.labels import attributes, class_names, load_attribute, load_labels
from wgan_keras.data.picture_format import check_image_size
from wgan_keras.data.pipeline import load, stream
from wgan_keras.data.samples import Samples
from wgan_keras.pipelines.classes import class_number
from wgan_keras.pipelines.pixels import scale

__all__ = [
    "DATASETS",
    "SPLITS",
    "DataSet",
    "FolderReport",
    "Location",
    "Samples",
    "attributes",
    "check_folder",
    "check_image_size",
    "class_names",
    "class_number",
    "load",
    "load_arrays",
    "load_attribute",
    "load_labels",
    "load_raw",
    "load_splits",
    "locate",
    "provenance",
    "register_data",
    "scale",
    "sha256",
    "stream",
    "toys",
]
