"""Names in the spelling of version 0.1, whose files, protocols and presets are read for ever."""

from typing import Any

_SPELLINGS = {"memorisation": "memorization", "neighbour": "neighbor", "licence": "license"}


def present(name: str) -> str:
    """The name of today for one of then; any other name as it is."""
    for then, now in _SPELLINGS.items():
        name = name.replace(then, now)
    return name


def presently_named(value: Any) -> Any:
    """JSON with the names of its objects' fields as they are today, at any depth."""
    if isinstance(value, dict):
        return {present(name): presently_named(each) for name, each in value.items()}
    return [presently_named(each) for each in value] if isinstance(value, list) else value
