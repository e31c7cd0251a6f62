"""What is too large for this machine is refused before it is made, with the size that it would take."""

import contextlib
import os
import pathlib
import resource

_OF_THE_CONTAINER = pathlib.Path("/sys/fs/cgroup/memory.max")


def refuse_beyond(needed, what, remedy):
    """ValueError if `what` takes more than the `needed` bytes this process can ever have; `remedy` says what to do."""
    have = limit()
    if needed > have:
        raise ValueError(f"{what} would take {_size(needed)} of memory, and there are {_size(have)}; {remedy}.")


def limit():
    """The bytes that this process may use: the machine's memory, or the least of the limits set on it."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        found.append(soft)
    with contextlib.suppress(OSError, ValueError):  # not in a container, or one without a limit
        found.append(int(_OF_THE_CONTAINER.read_text()))
    return min(found)


def _size(count):
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.3g} {unit}"
        count /= 1024
    return f"{count:,.1f} TiB"
