"""Networks that know how they were built: by which function of this package, and with which arguments."""

import functools
import inspect
import numbers

from wgan_keras import bounds


def recorded(builder):
    """A builder whose networks carry its name and all its arguments as `built_by`, in the form of a recipe.

    `keras.models.clone_model` makes a network without it; a game keeps it in its `.keras` file.
    """
    signature = inspect.signature(builder)

    @functools.wraps(builder)
    def build(*args, **kwargs):
        call = signature.bind(*args, **kwargs)
        call.apply_defaults()
        arguments = {k: _plain(v) for k, v in call.arguments.items()}
        for name, value in arguments.items():
            if name in bounds.BOUNDS:
                bounds.check(name, value)
        network = builder(**arguments)
        network.built_by = {"name": builder.__name__, **arguments}
        return network

    return build


def _plain(value):
    """As JSON has it: lists, and whole numbers that are not numpy's."""
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return int(value) if whole else value


def built_by(network):
    """The record of a network as a plain dict, None for one that was built otherwise."""
    record = getattr(network, "built_by", None)
    return record and dict(record)
