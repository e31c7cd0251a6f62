"""Networks that know how they were built: by which function of this package, and with which arguments."""

import functools
import inspect


def recorded(builder):
    """A builder whose networks carry its name and all its arguments as `built_by`, in the form of a recipe.

    `keras.models.clone_model` makes a network without it; a game keeps it in its `.keras` file.
    """
    signature = inspect.signature(builder)

    @functools.wraps(builder)
    def build(*args, **kwargs):
        call = signature.bind(*args, **kwargs)
        call.apply_defaults()
        network = builder(*call.args, **call.kwargs)
        arguments = {k: list(v) if isinstance(v, tuple) else v for k, v in call.arguments.items()}
        network.built_by = {"name": builder.__name__, **arguments}
        return network

    return build


def built_by(network):
    """The record of a network as a plain dict, None for one that was built otherwise."""
    record = getattr(network, "built_by", None)
    return record and dict(record)
