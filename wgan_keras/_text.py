"""Words of messages that name what there is: lists, and the nearest name to one mistyped."""

import difflib
from collections.abc import Iterable


def listed(names: Iterable[object]) -> str:
    """`'a', 'b', 'c'`."""
    return ", ".join(map(repr, names))


def did_you_mean(name: object, known: Iterable[str], cutoff: float = 0.6) -> str:
    """` (did you mean 'wgan_gp'?)` for the nearest of the known names, or nothing where none is near."""
    near = difflib.get_close_matches(str(name), list(known), 1, cutoff)
    return f" (did you mean {near[0]!r}?)" if near else ""
