"""What Keras writes of the objects that a model is made of, in the config.json of a `.keras` file."""

from collections.abc import Iterator
from typing import Any


def descriptions(config: Any) -> Iterator[dict[str, Any]]:
    """Keras's descriptions of objects, at any depth."""
    rest = [config]
    while rest:
        each = rest.pop()
        if isinstance(each, dict):
            if isinstance(each.get("class_name"), str) and "registered_name" in each:
                yield each
            each = list(each.values())
        if isinstance(each, list):
            rest.extend(reversed(each))


def name_of(description: dict[str, Any]) -> str:
    """By which the object is registered; of Keras's own classes their name."""
    if description["class_name"] == "function":
        return str(description["config"])
    return str(description["registered_name"] or description["class_name"])
