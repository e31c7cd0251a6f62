"""Processes that train one game together: each computes on its devices, and the first alone writes files."""

_here = {"index": 0, "count": 1}


def join(index: int, count: int) -> None:
    """Says that this process is number `index`, from 0, of `count` that train together."""
    _here.update(index=index, count=count)


def count() -> int:
    """How many processes train together; 1 for this one alone."""
    return _here["count"]


def one_is_gone() -> str:
    """What to tell people when a process that trains along has ended."""
    return (
        f"One of the {count()} processes that train together is gone, so that none can go on. Start all of them again; "
        "wgan-keras train --resume goes on from the last checkpoint."
    )


def writes() -> bool:
    """Whether this process writes files."""
    return _here["index"] == 0
