"""Which piece of a batch is computed at the moment, where a batch is computed piece by piece."""

import contextlib
import threading

_this_thread = threading.local()  # a device may be one


@contextlib.contextmanager
def computed(index, count):
    """Within it piece `index` of `count` is computed, of each share of a batch."""
    _this_thread.piece = index, count
    try:
        yield
    finally:
        del _this_thread.piece


def part(share, shares):
    """(which part of the whole batch is computed, of how many) by share number `share` of `shares`."""
    piece, pieces = getattr(_this_thread, "piece", (0, 1))
    return share * pieces + piece, shares * pieces
