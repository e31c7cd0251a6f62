"""A recipe as others may see it."""

import pathlib
from typing import Any

from wgan_keras.data.catalog import DATASETS, is_path


def without_paths(recipe: dict[str, Any]) -> dict[str, Any]:
    """A recipe, in JSON, whose data have the name that `public_name` gives them."""
    data = recipe["data"]
    return recipe if data is None else {**recipe, "data": {**data, "name": public_name(data)}}


def public_name(data: dict[str, Any]) -> str:
    """The name of a recipe's data; of a folder "./" and its own name, as where it lies is nobody else's business.

    Without "./" it could be the name of a registered set, which others would train on.
    """
    return f"./{pathlib.Path(data['name']).resolve().name}" if _is_folder(data) else data["name"]


def _is_folder(data):
    """Whether it is a folder by its name, or by its size where it was published without "./", as it once was."""
    if data["name"] in DATASETS:
        return data.get("image_size") is not None and not _takes_size(DATASETS[data["name"]]())
    return is_path(data["name"])


def _takes_size(found):
    location = found.find()
    return found.of_pictures or (location is not None and location.kind == "folder")
