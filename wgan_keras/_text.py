"""Words of messages: lists of names and the nearest to one mistyped, values, and errors of others in one line."""

import difflib
import reprlib
from collections.abc import Iterable

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80
_short.maxdict = _short.maxlist = 6


def listed(names: Iterable[object]) -> str:
    """`'a', 'b', 'c'`."""
    return ", ".join(map(repr, names))


def did_you_mean(name: object, known: Iterable[str], most: int = 1, cutoff: float = 0.6) -> str:
    """` (did you mean 'wgan_gp'?)` for the nearest of the known names, whatever their case; else nothing."""
    spelled = {each.casefold(): each for each in known}
    near = [spelled[each] for each in difflib.get_close_matches(str(name).casefold(), spelled, most, cutoff)]
    return f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""


def shown(value: object) -> str:
    """A value from a file as a message shows it: `repr`, cut where it is long."""
    return _short.repr(value)


def one_line(error: object, limit: int = 300) -> str:
    """What an error of another library says, in one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= limit else f"{text[:limit]}..."
