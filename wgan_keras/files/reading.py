"""JSON files are measured before they are believed."""

import json
import pathlib
from typing import Any

from wgan_keras._text import one_line
from wgan_keras._types import PathLike

JSON_LIMIT = 16 * 2**20  # bytes; a search of a thousand trials takes a tenth of it
_DEPTH = 64  # a recipe has 4


def read_json(path: PathLike, remedy: str = "Copy it again.") -> dict[str, Any]:
    """The object, a dict, that a JSON file holds.

    Args:
        path: the file.
        remedy: a sentence for the message, what to do about a file that is none.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is too large, nested too deeply, no JSON, or JSON of another kind than an object.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}; expected a JSON file. {remedy}")
    size = path.stat().st_size
    if size > JSON_LIMIT:
        raise ValueError(f"{path} has {size:,} bytes; expected JSON of at most {JSON_LIMIT:,}. {remedy}")
    return parse_json(path.read_bytes(), path, remedy)


def parse_json(content: bytes, where: object, remedy: str = "Copy it again.") -> dict[str, Any]:
    """The object, a dict, in the bytes `content`, which came from `where`; ValueError as `read_json` has it."""
    try:
        found = json.loads(content.decode())
    except RecursionError:
        raise ValueError(f"{where} is damaged: it is nested thousands deep; expected {_DEPTH}. {remedy}") from None
    except ValueError as error:
        raise ValueError(f"{where} is damaged: it is not JSON ({one_line(error)}). {remedy}") from None
    if not isinstance(found, dict):
        raise ValueError(
            f"{where} is damaged: it holds a {type(found).__name__}; expected an object with names and values. {remedy}"
        )
    if _is_deeper(found, _DEPTH):
        raise ValueError(f"{where} is damaged: it is nested more than {_DEPTH} deep. {remedy}")
    return found


def _is_deeper(value, limit):
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
