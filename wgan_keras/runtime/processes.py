"""Processes that train one game together: each computes on its devices, and the first alone writes files."""

_here = {"index": 0, "count": 1}


def join(index: int, count: int) -> None:
    """Says that this process is number `index`, from 0, of `count` that train together."""
    _here.update(index=index, count=count)


def count() -> int:
    """How many processes train together; 1 for this one alone."""
    return _here["count"]


def writes() -> bool:
    """Whether this process writes files."""
    return _here["index"] == 0
