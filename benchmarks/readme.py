"""Tables of the README that are made from the results' JSON stand between two markers and are put there by this."""

import pathlib

from wgan_keras.saving import whole_file

README = pathlib.Path(__file__).parent.parent / "README.md"


def markers(name):
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def between_markers(text, name, table):
    """`text` with `table` in place of what stood between the markers of that name.

    Raises:
        ValueError: the markers are not there, once each and in their order.
    """
    first, last = markers(name)
    before, begin, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end or any(marker in before + after for marker in (first, last)):
        raise ValueError(f"The README must hold {first} and then {last}, once each; put them back.")
    return f"{before}{begin}\n{table}\n{end}{after}"


def put(name, table):
    text = between_markers(README.read_text(), name, table)
    with whole_file(README) as temporary:
        temporary.write_text(text)
