"""What a data name means: a registered set, an image set of tensorflow-datasets, or a folder of pictures."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from wgan_keras._text import did_you_mean
from wgan_keras._types import PathLike
from wgan_keras.data import folder_classes
from wgan_keras.data.dataset import DATASETS, DataSet, Location
from wgan_keras.data.folder_listing import Listing, every_tenth, list_any
from wgan_keras.data.listed_pictures import ListedPictures
from wgan_keras.data.tfds_pictures import PREFIX, TFDSPictures

# In the order in which they are listed.
# isort: off
from wgan_keras.data import fashion_mnist, mnist, cifar10, emoji, emoji_families  # noqa: F401, registers them
from wgan_keras.data import avatars, stacked_fashion_mnist, toys  # noqa: F401
# isort: on


class Folder(ListedPictures):
    """A folder of pictures, with labels where each class has a subfolder.

    Test is every 10th picture in sorted order (the 10th, 20th, ...), train the others. With labels, a class of which
    that holds no test picture gives its last one, unless it has no other.
    """

    source = "a folder of pictures of the user's own"
    reported = True

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, data_dir: Path | None = None) -> Location:
        return Location("folder", self.path)

    def split_of(self, listing: Listing, labels: np.ndarray | None) -> list[str]:
        tenth = every_tenth(listing.files)
        return tenth if labels is None else folder_classes.with_every_class(tenth, labels)

    def labels_of(self, listing: Listing) -> np.ndarray:
        return folder_classes.labels_of(listing.root, listing.files)

    def class_names(self) -> tuple[str, ...] | None:
        return folder_classes.class_names(self.path)


class Unregistered(DataSet):
    """What a bare name stands for that no set here has: one of the user's own, whose module is not imported."""

    source = "not known here, where no data set of that name is registered"


def dataset(name: PathLike, data_dir: PathLike | None = None) -> DataSet:
    """The data set of a name: a registered one goes first, then a folder; a `Path` or "./mnist" is always a folder.

    Args:
        name: a registered name, "tfds:NAME", or a path.
        data_dir: where a set lies that is known by its files alone.

    Raises:
        ValueError: an unknown name.
        FileNotFoundError: a folder that does not exist.
    """
    if isinstance(name, str) and name in DATASETS:
        return DATASETS[name]()
    if isinstance(name, str) and name.startswith(PREFIX):
        return TFDSPictures(name, None if data_dir is None else Path(data_dir).expanduser())
    return Folder(_existing_folder(name))


def is_folder(name: str) -> bool:
    """Whether a recipe's data name is the path of a folder of pictures, there or not."""
    return name not in DATASETS and not name.startswith(PREFIX)


def is_path(name: str) -> bool:
    """Whether a data name can be nothing but the path of a folder, there or not; `is_folder` takes bare names too."""
    return not name.startswith(PREFIX) and (os.sep in name or name.startswith(("~", ".")))


def held_out_pictures(name: str) -> int:
    """How many pictures of a folder are held out, by the names of its files; 0 of other data, or of no folder."""
    path = Path(name).expanduser()
    return every_tenth(list_any(path).files).count("test") if is_folder(name) and path.is_dir() else 0


def absolute(name: str) -> str:
    """A data name that means the same from any working directory: a folder's resolved path, other names as they are.

    Raises:
        ValueError, FileNotFoundError: as `dataset`.
    """
    found = dataset(name)
    return str(found.path.resolve()) if isinstance(found, Folder) else name


def locate(name: PathLike, data_dir: PathLike | None = None) -> Location | None:
    """Where `load(name)` would read from on this machine, or None if it would have to download.

    Cheap: looks at file names alone, touches no network and imports no framework.

    Raises:
        ValueError: an unknown name.
        FileNotFoundError: a folder that does not exist, or a `data_dir` without the set.
    """
    found = dataset(name)
    if data_dir is not None and not found.takes_data_dir:
        named = ", ".join(each for each, kind in DATASETS.items() if kind.takes_data_dir)
        raise ValueError(f"data_dir={str(data_dir)!r} is for {named} and {PREFIX}NAME only, not for {str(name)!r}")
    return found.find(None if data_dir is None else Path(data_dir).expanduser())


def refuse_within(out: PathLike, name: PathLike, data_dir: PathLike | None = None, written: Iterable[str] = ()) -> None:
    """What a run or search draws into the folder `out` does not become training data.

    Args:
        written: names of the folders in `out` that it writes to.

    Raises:
        ValueError: `out` lies in the folder of pictures `name`, or that folder in one that is written to.
        FileNotFoundError: as of `locate`.
    """
    out, found = Path(out).expanduser(), locate(name, data_dir)
    if found is None or found.kind != "folder":
        return
    pictures = found.path.resolve()
    if out.resolve().is_relative_to(pictures):
        raise ValueError(
            f"{out} lies in {found.path}, where every picture is a training image, those drawn in training too; choose "
            "a folder outside."
        )
    for folder in (out / each for each in written):
        if pictures.is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(pictures):
            raise ValueError(
                f"{found.path} holds the training images, and what is made in {out} would be written to {folder}, "
                "among them; move the images, or choose another folder."
            )


def fetch(name: PathLike) -> Location:
    """Downloads a registered set; returns its `Location`.

    Raises:
        ConnectionError: it cannot be had.
    """
    return dataset(name).fetch()


def provenance(name: str) -> dict[str, str]:
    """{"name", "source", "license"} of a data set or of a folder's path, there or not, for a preset's metadata."""
    other = TFDSPictures if name.startswith(PREFIX) else Folder if is_path(name) else Unregistered
    kind = DATASETS.get(name, other)
    return {"name": name, "source": kind.source, "license": kind.license}


def _existing_folder(name):
    path = Path(name).expanduser()
    if name and path.is_dir():  # the path of "" is that of "."
        return path
    if name and path.exists():
        raise FileNotFoundError(f"{path} is a file; expected a folder of pictures")
    if isinstance(name, Path) or is_path(name):
        known = ", ".join(DATASETS)
        near = did_you_mean(path.name, _folders_beside(path))
        raise FileNotFoundError(f"no folder {path}{near}; give the path of a folder of pictures or one of {known}")
    names = [*DATASETS, *_folders_beside(path)]
    near = did_you_mean(name.lower().replace("-", "_"), names, most=3, cutoff=0.5)
    raise ValueError(
        f"unknown data {name!r}{near}; expected one of {', '.join(DATASETS)}, the path of a folder of pictures, "
        f"{PREFIX}NAME for an image set of tensorflow-datasets, or a set of your own, registered by "
        f"@wgan_keras.register_data({name!r}) in a module that is imported first (in the command: --import FILE)"
    )


def _folders_beside(path):
    """The names of the folders where a folder was looked for and is not."""
    with contextlib.suppress(OSError):
        return [each.name for each in path.parent.iterdir() if each.is_dir() and not each.name.startswith(".")]
    return []
