"""Layers made anew under other dtype policies."""

from collections.abc import Callable
from typing import Any

import keras

REMEDY = (  # for a layer that Keras cannot make anew
    "Give its class __init__(self, ..., **kwargs) that calls super().__init__(**kwargs), and get_config() that returns "
    "{**super().get_config(), and every argument}, and have functions that it is given, such as an activation, under "
    "@keras.saving.register_keras_serializable()"
)


def under(layer: keras.Layer, policy: Callable[[str], str]) -> keras.Layer:
    """A layer like this one, with its own weights, in which policy(name) has the place of each policy of floats."""
    return type(layer).from_config(_under(layer.get_config(), policy))


def _under(config: Any, policy: Callable[[str], str]) -> Any:
    """The configuration, with the policies of layers inside others too."""
    if isinstance(config, list):
        return [_under(each, policy) for each in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy" and "float" in config["config"]["name"]:
        return policy(config["config"]["name"])
    return {key: _under(value, policy) for key, value in config.items()}
