"""The registry of networks: builders of Functional models, whose networks know how they were built."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import keras

from wgan_keras import _spec
from wgan_keras._registry import Registry
from wgan_keras._schema import as_json, check, parameters
from wgan_keras.layers.data_format import channels_last

Builder = Callable[..., keras.Model]


def _check(name: str, builder: Builder) -> Builder:
    if not callable(builder) or isinstance(builder, keras.Model):
        raise TypeError(f"The network {name!r} is {builder!r}; expected a function that returns a keras.Model.")
    for each in inspect.signature(builder).parameters.values():
        if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD, each.POSITIONAL_ONLY):
            raise TypeError(
                f"The network {name!r} is built by a function that takes {each}; recipes give each argument by its "
                "name: spell the arguments out."
            )
    return builder


NETWORKS: Registry[Builder] = Registry("network", "register_network", _check)


def register_network(name: str, usual: Callable[..., dict[str, Any]] | None = None) -> Callable[[Builder], Builder]:
    """A decorator that registers a function which builds a network.

    The networks that it builds carry its name and all its arguments as `built_by`, so that presets can name them. Their
    layers have channels last, as images have, whatever Keras is configured to.
    `keras.models.clone_model` makes a network without it; a game keeps it in its `.keras` file.

    Args:
        name: as recipes spell it. A pair called `FAMILY_generator` and `FAMILY_critic` is chosen by `--network FAMILY`.
        usual: function (sample shape, width, latent_dim or None, the game's usual critic normalization) -> the
            arguments of the usual recipe; None for a network that recipes spell out.

    Raises:
        ValueError: another network has the name.
        TypeError: the thing is no function, or one with arguments that have no names, as `**options`.
    """

    def add(builder: Builder) -> Builder:
        there = NETWORKS.get(name)
        if there is not None and getattr(there, "__wrapped__", None) is builder:
            return there
        recorded = _recorded(name, _check(name, builder))
        recorded.usual = usual
        return NETWORKS.register(name)(recorded)

    return add


def _recorded(name, builder):
    signature, known = inspect.signature(builder), parameters(builder)

    @functools.wraps(builder)
    def build(*args, **kwargs):
        call = signature.bind(*args, **kwargs)
        call.apply_defaults()
        arguments = {k: as_json(v) for k, v in call.arguments.items()}
        for argument, value in arguments.items():
            check(argument, value, known[argument].annotation)
        with channels_last():
            network = builder(**arguments)
        if not isinstance(network, keras.Model):
            raise TypeError(f"The network {name!r} built a {type(network).__name__}; expected a keras.Model.")
        network.built_by = _spec.of(name, arguments)
        network.built_under = keras.config.dtype_policy().name
        return network

    return build


def built_by(network: keras.Model) -> dict[str, Any] | None:
    """{"name", and all arguments} of a network, None for one that was built otherwise.

    Arguments that its builder has got since are there with their defaults.
    """
    record = getattr(network, "built_by", None)
    if record is None:
        return None
    builder = NETWORKS.get(record["name"])
    known = {} if builder is None else parameters(builder)
    return {**{name: p.default for name, p in known.items() if not p.required}, **record}


def built_under(network: keras.Model) -> str | None:
    """The name of the dtype policy under which a registered function built a network; None where it is not known.

    Its layers may have others: a function may give one its own.
    """
    return getattr(network, "built_under", None)
