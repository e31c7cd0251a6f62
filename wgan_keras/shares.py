"""Of a batch that several devices share, what a loss or a layer needs from all of them.

A loss that is a mean over samples needs nothing of it: each device takes the mean over its share, and the gradients are
averaged. On one device, and on JAX, where arrays are of the whole batch whatever lies where, these functions return
what they are given.
"""

from wgan_keras import backend
from wgan_keras._types import Tensor


def whole(x: Tensor) -> Tensor:
    """The rows of all devices, (m, ...), from those of this one; the derivative comes back from all devices."""
    return backend.whole(x)


def own(x: Tensor) -> Tensor:
    """This device's rows of (m, ...)."""
    return backend.own(x)


def mean(x: Tensor) -> Tensor:
    """The mean over all devices of what each has made of its share, as of its own mean."""
    return backend.mean(x)
