"""A recipe as others may see it."""

import pathlib
from typing import Any

from wgan_keras.data.catalog import is_folder


def without_paths(recipe: dict[str, Any]) -> dict[str, Any]:
    """A recipe, in JSON, whose data are a folder: by the folder's name, as where it lies is nobody else's business."""
    data = recipe["data"]
    if data is None or not is_folder(data["name"]):
        return recipe
    return {**recipe, "data": {**data, "name": pathlib.Path(data["name"]).resolve().name}}
