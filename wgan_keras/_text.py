"""Words of messages that name what there is: lists, and the nearest name to one mistyped."""

import difflib
from collections.abc import Iterable


def listed(names: Iterable[object]) -> str:
    """`'a', 'b', 'c'`."""
    return ", ".join(map(repr, names))


def did_you_mean(name: object, known: Iterable[str], most: int = 1, cutoff: float = 0.6) -> str:
    """` (did you mean 'wgan_gp'?)` for the nearest of the known names, or nothing where none is near."""
    near = difflib.get_close_matches(str(name), list(known), most, cutoff)
    return f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""
