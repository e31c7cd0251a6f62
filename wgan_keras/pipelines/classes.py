"""A class by its name or its number."""

from collections.abc import Sequence

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
    if isinstance(name_or_number, str):
        exact = [number for number, name in enumerate(names) if name == name_or_number]
        similar = [number for number, name in enumerate(names) if name.casefold() == name_or_number.casefold()]
        for found in (exact, similar):
            if len(found) == 1:
                return found[0]
    digits = isinstance(name_or_number, str) and name_or_number.isascii() and name_or_number.isdigit()
    number = int(name_or_number) if digits else name_or_number
    if fits(number, int) and 0 <= int(number) < len(names):
        return int(number)
    near = did_you_mean(str(name_or_number).casefold(), [name.casefold() for name in names])
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    raise ValueError(
        f"There is no class {name_or_number!r}{near}; expected a number from 0 to {len(names) - 1} or one of {shown}"
    )
