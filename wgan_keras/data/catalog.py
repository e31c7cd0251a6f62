"""What a data name means and where its data lies."""

import difflib
import os
from pathlib import Path
from typing import NamedTuple

from wgan_keras.data import emoji, idx, prepared, toys

IDX_SETS = ("fashion_mnist", "mnist")
IMAGE_SETS = (*IDX_SETS, "cifar10")
NAMES = (*IMAGE_SETS, emoji.NAME, *toys.NAMES)

DEBIAN_FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")  # Debian's package dataset-fashion-mnist


class Location(NamedTuple):
    """Where data is read from. `kind`: "idx", "prepared" (by tensorflow-datasets), "toy" or "folder"."""

    kind: str
    path: Path | None

    def __str__(self):
        return {
            "idx": f"IDX files in {self.path}",
            "prepared": f"prepared by tensorflow-datasets in {self.path}",
            "toy": "made on the spot",
            "folder": f"pictures in {self.path}",
        }[self.kind]


def locate(name, data_dir=None):
    """Where `load(name)` would read from on this machine, or None if it would have to download.

    Cheap: looks at file names alone, touches no network and imports no framework. A string of `NAMES` is always that
    set, a `Path` or "./mnist" always a folder. ValueError for an unknown name; FileNotFoundError for a folder that does
    not exist or a `data_dir` without the set.
    """
    if name in IMAGE_SETS:
        return _locate_images(name, data_dir)
    if name == emoji.NAME:
        return _locate_emoji(data_dir)
    if data_dir is not None:
        named = ", ".join((*IMAGE_SETS, emoji.NAME))
        raise ValueError(f"data_dir={str(data_dir)!r} is for {named} only, not for {str(name)!r}")
    if name in toys.NAMES:
        return Location("toy", None)
    return Location("folder", _existing_folder(name))


def _locate_images(name, data_dir):
    if data_dir is not None:
        return _locate_below(name, Path(data_dir).expanduser())
    folder = prepared.find(prepared.default_root(), name)
    if folder:
        return Location("prepared", folder)
    if name == "fashion_mnist" and idx.is_idx_folder(DEBIAN_FASHION_MNIST):
        return Location("idx", DEBIAN_FASHION_MNIST)
    return None


def _locate_emoji(data_dir):
    folder = emoji.find(emoji.cache_folder() if data_dir is None else Path(data_dir).expanduser())
    if folder is None and data_dir is not None:
        raise FileNotFoundError(f"data_dir={str(data_dir)!r} has no emoji; expected the unpacked npm package in it")
    return folder and Location("folder", folder)


def _locate_below(name, root):
    if name in IDX_SETS and idx.is_idx_folder(root):
        return Location("idx", root)
    folder = prepared.find(root, name)
    if folder:
        return Location("prepared", folder)
    expected = f"{name}/<version>/dataset_info.json as tensorflow-datasets prepares it"
    if name in IDX_SETS:
        expected = f"{idx.file_name('train', 'images')} and the other IDX files in it, or {expected}"
    raise FileNotFoundError(f"data_dir={str(root)!r} has no {name}; expected {expected}")


def _existing_folder(name):
    path = Path(name).expanduser()
    if name and path.is_dir():  # the path of "" is that of "."
        return path
    if name and path.exists():
        raise FileNotFoundError(f"{path} is a file; expected a folder of pictures")
    if isinstance(name, Path) or os.sep in name or name.startswith(("~", ".")):
        raise FileNotFoundError(f"no folder {path}; give the path of a folder of pictures or one of {', '.join(NAMES)}")
    near = difflib.get_close_matches(name.lower().replace("-", "_"), NAMES, cutoff=0.5)
    hint = f" (did you mean {' or '.join(near)}?)" if near else ""
    raise ValueError(
        f"unknown data {name!r}{hint}; expected one of {', '.join(NAMES)}, or the path of a folder of pictures"
    )
