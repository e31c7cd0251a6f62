"""A class by its name or its number, and the numbers that other sets give to the same names."""

import collections
import unicodedata
from collections.abc import Sequence

import numpy as np

from wgan_keras._schema import fits
from wgan_keras._text import did_you_mean

_SHOWN = 20  # names listed in an error


def class_number(name_or_number: str | int, names: Sequence[str]) -> int:
    """The label of a class that a user gives by its name or its number.

    Args:
        name_or_number: a name, in upper or lower case, or a label from 0, as an integer or in digits. A name that is
            written in digits goes before the label.
        names: as `class_names` gives them.

    Raises:
        ValueError: no such class.
    """
    if isinstance(name_or_number, str) and (named := _named(name_or_number, names)) is not None:
        return named
    digits = isinstance(name_or_number, str) and name_or_number.isascii() and name_or_number.isdigit()
    number = int(name_or_number) if digits else name_or_number
    if fits(number, int) and 0 <= int(number) < len(names):
        return int(number)
    raise ValueError(
        f"There is no class {name_or_number!r}{_near(name_or_number, names)}; expected a number from 0 to "
        f"{len(names) - 1} or one of {_listed(names)}"
    )


def renumbered(labels: np.ndarray, names: Sequence[str] | None, others: Sequence[str] | None) -> np.ndarray:
    """The numbers that the classes of `labels` have elsewhere; the same numbers where one side has no names.

    Args:
        labels: (n,) numbers of classes.
        names: of these classes, in the order of their numbers.
        others: the names elsewhere, in the order of the numbers there.

    Raises:
        ValueError: a class of `labels` has no name elsewhere. Of two classes whose names differ in case alone neither
            is taken for the other.
    """
    if names is None or others is None or tuple(names) == tuple(others):
        return labels
    present = np.unique(labels)
    alike = collections.Counter(map(_alike, set(names)))
    found = {
        number: _named(names[number], others) if alike[_alike(names[number])] == 1 else _spelled(names[number], others)
        for number in present.tolist()
    }
    lacking = [names[number] for number, other in found.items() if other is None]
    if lacking:
        raise ValueError(
            f"The data have the class {lacking[0]!r}, which the model lacks{_near(lacking[0], others)}; it lacks "
            f"{len(lacking)} of their {len(present)}. Expected data of the classes that it was trained on: "
            f"{_listed(others)}"
        )
    numbers = np.array([found[number] for number in present.tolist()], "int64")
    return numbers[np.searchsorted(present, labels)]


def _named(name: str, names: Sequence[str]) -> int | None:
    """The number of a name, however it is cased and encoded; None where none or several are meant."""
    exact = _spelled(name, names)
    wanted = _alike(name)
    similar = [number for number, each in enumerate(names) if _alike(each) == wanted]
    return similar[0] if exact is None and len(similar) == 1 else exact


def _spelled(name: str, names: Sequence[str]) -> int | None:
    """The number of a name in this very spelling; None where none or several are meant."""
    exact = [number for number, each in enumerate(names) if each == name]
    return exact[0] if len(exact) == 1 else None


def _alike(name):
    """The same for upper and lower case, and for an accent that is a character of its own, as in archives of a Mac."""
    return unicodedata.normalize("NFC", name).casefold()


def _near(name, names):
    return did_you_mean(name, names)


def _listed(names):
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
