"""What is too large for this machine is refused before it is made, and what is mapped is given back after its use."""

import contextlib
import mmap
import os
import pathlib
import resource

import numpy as np

_OF_THE_CONTAINER = pathlib.Path("/sys/fs/cgroup/memory.max")


def refuse_beyond(needed, what, remedy):
    """ValueError if `what` takes more than the `needed` bytes this process can ever have; `remedy` says what to do."""
    have = limit()
    if needed > have:
        raise ValueError(f"{what} would take {size(needed)} of memory, and there are {size(have)}; {remedy}.")


def limit():
    """The bytes that this process may use: the machine's memory, or the least of the limits set on it."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        found.append(soft)
    with contextlib.suppress(OSError, ValueError):  # not in a container, or one without a limit
        found.append(int(_OF_THE_CONTAINER.read_text()))
    return min(found)


def release(array: np.ndarray) -> None:
    """Takes the pages that were read of a read-only memory-mapped file out of this process; other arrays stay.

    The system keeps them as long as it has room, so that the next look costs little. Without this all that was ever
    looked at would count as memory of the process. A map that can be written may hold what is in no file.
    """
    base = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and memoryview(base).readonly:
        base.madvise(mmap.MADV_DONTNEED)


def size(count: int) -> str:
    """A number of bytes in words, as "2.29 GiB"."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.3g} {unit}"
        count /= 1024
    return f"{count:,.1f} TiB"
