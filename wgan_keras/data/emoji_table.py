"""emoji.json of the npm packages emoji-datasource: what is said of each emoji, by the name of its picture."""

import json
import pathlib
from typing import Any

NAME = "emoji.json"


def read_field(table: pathlib.Path, field: str) -> dict[str, Any]:
    """{file name of a picture: a field of its entry}; the variations of skin have that of the emoji they vary.

    Args:
        table: the file.
        field: "category", "sort_order" (the place of an emoji in Unicode's order, from 1) or another.

    Raises:
        ValueError: it is not the JSON that emoji-datasource writes.
    """
    try:
        found: dict[str, Any] = {}
        for entry in json.loads(table.read_text("utf-8")):
            pictures = [entry, *entry.get("skin_variations", {}).values()]
            found |= {each["image"]: entry[field] for each in pictures}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{table} is damaged ({type(error).__name__}: {error}); fetch the package again") from error
    return found
