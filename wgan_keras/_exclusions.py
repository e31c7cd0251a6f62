"""What an optimizer was told by `exclude_from_weight_decay`, which its configuration leaves out."""

from collections.abc import Sequence
from typing import Any

import keras

_KEPT = ("_exclude_from_weight_decay", "_exclude_from_weight_decay_pattern")  # keys of variables, names


def are_there(optimizer: keras.Optimizer) -> bool:
    return any(getattr(optimizer, name, None) for name in _KEPT)


def copy(optimizer: keras.Optimizer, to: keras.Optimizer) -> None:
    """Tells another optimizer for the same variables."""
    for name in _KEPT:
        if hasattr(optimizer, name):
            setattr(to, name, getattr(optimizer, name))


def described(optimizer: keras.Optimizer, weights: Sequence[keras.Variable]) -> dict[str, Any]:
    """The same for JSON: which of the network's `weights` do not decay, by their places, and which names."""
    keys, pattern = (getattr(optimizer, name, None) for name in _KEPT)
    places = [i for i, weight in enumerate(weights) if optimizer._var_key(weight) in (keys or ())]
    return {"places": places, "names": None if pattern is None else pattern.pattern}


def tell(
    optimizer: keras.Optimizer, weights: Sequence[keras.Variable], places: Sequence[int], names: str | None
) -> None:
    """Tells an optimizer that is not built yet what was `described`."""
    optimizer.exclude_from_weight_decay([weights[i] for i in places], None if names is None else [names])
