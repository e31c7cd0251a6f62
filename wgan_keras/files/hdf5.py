"""A file of weights (HDF5, as Keras writes it) is measured before Keras reads it. No framework is imported here."""

import contextlib
import math
import numbers

import numpy as np

from wgan_keras._text import one_line

_OVERHEAD = 4_096  # bytes an object, at most; Keras's files have 900
_REMEDY = "Copy it again, or train again."


def check(file, where, size, floats=(np.float16, np.float32, np.float64), remedy=_REMEDY):
    """How many numbers the file holds under each of its first names, such as {"generator": 132866, ...}.

    Args:
        file: a path or an open binary file.
        where: what the message calls it.
        size: of the file in bytes.
        floats: the dtypes that its numbers with a fraction may have.
        remedy: a sentence for the message.

    Raises:
        ValueError: no HDF5 file; numbers that it declares and does not hold, or holds and does not declare; numbers
            that lie in another file; another dtype; weights of which not one is a number.
    """
    try:
        import h5py

        with h5py.File(file, "r") as opened:
            return _measure(opened, where, size, floats, remedy)
    except _Refused as error:
        raise ValueError(str(error)) from None
    except Exception as error:  # what damage can make of HDF5 has no common type
        raise ValueError(f"{where} is damaged: it cannot be read as weights ({one_line(error)}). {remedy}") from None


class _Refused(Exception):
    pass


def _measure(opened, where, size, floats, remedy):
    counts, datasets, declared, objects = {}, [], 0, 1
    for name, found in _walk(opened, where, remedy):
        objects += 1
        if found is None:
            continue
        _check_dataset(name, found, where, floats, remedy)
        declared += found.nbytes
        datasets.append((name, found))
        first = name.split("/")[0]
        counts[first] = counts.get(first, 0) + math.prod(found.shape)
    if not declared <= size <= declared + _OVERHEAD * objects:
        raise _Refused(
            f"{where} has {size:,} bytes and declares {declared:,} bytes of weights; expected these and at most "
            f"{_OVERHEAD * objects:,} more. {remedy}"
        )
    for name, found in datasets:
        if found.dtype.kind == "f" and found.size and np.isnan(found[()]).all():
            raise _Refused(f"{where} has nothing but NaN in {name!r}; expected numbers. {remedy}")
    return counts


def _walk(opened, where, remedy):
    """(name, dataset or None for a group) of every object; each but once, and none of another file's."""
    import h5py

    seen, groups = set(), [("", opened)]
    while groups:
        prefix, group = groups.pop()
        for key in group:
            name = f"{prefix}{key}"
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise _Refused(f"{where} has a link for {name!r}; expected the weights themselves. {remedy}")
            found = group[key]
            address = h5py.h5o.get_info(found.id).addr
            if address in seen:
                raise _Refused(f"{where} has {name!r} under two names; expected one. {remedy}")
            seen.add(address)
            if isinstance(found, h5py.Group):
                groups.append((f"{name}/", found))
                yield name, None
            else:
                yield name, found


def _check_dataset(name, found, where, floats, remedy):
    if found.external or found.is_virtual:
        raise _Refused(f"{where} keeps {name!r} in another file; expected the weights themselves. {remedy}")
    half = "bfloat16" in str(found.attrs.get("dtype", ""))  # as raw bytes, and Keras's attribute says so
    if not half and not (found.dtype.kind in "iub" or found.dtype in floats):
        names = " or ".join(np.dtype(kind).name for kind in floats)
        raise _Refused(f"{where} has {name!r} in {found.dtype}; expected {names}. {remedy}")


@contextlib.contextmanager
def keras_errors(where, remedy=_REMEDY):
    """What Keras says of weights or networks that do not go together, often in many lines, is one of ours."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # Keras's own have no common type
        raise ValueError(f"{where} could not be loaded: {type(error).__name__}: {one_line(error)} {remedy}") from error


def largest_size(config):
    """The largest number of units or filters that the config of a Keras model, as read from JSON, asks for."""
    largest, level = 0, [config]
    while level:
        each = level.pop()
        if isinstance(each, dict):
            sizes = (each.get(name) for name in ("units", "filters", "output_dim"))
            largest = max([largest, *(size for size in sizes if isinstance(size, numbers.Real))])
            level.extend(each.values())
        elif isinstance(each, list):
            level.extend(each)
    return largest
