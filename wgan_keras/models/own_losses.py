"""Losses that users write: whether they take what a step gives them, and return what it needs."""

import inspect
import numbers
from collections.abc import Mapping
from typing import Any

from wgan_keras._types import Tensor

HOOKS = ("critic_loss", "generator_loss")


def check_signatures(game: Any) -> None:
    """Refuses, by TypeError, a game whose losses do not take the four arguments that a step gives them."""
    for name in HOOKS:
        signature = inspect.signature(getattr(game, name))
        try:
            signature.bind("critic", "real", "fake", "seed")
        except TypeError:
            raise TypeError(
                f"{type(game).__name__}.{name} takes {signature} beside self; expected {name}(self, critic, real, "
                "fake, seed)."
            ) from None


def with_logs(returned: Any, owner: Any, method: str) -> tuple[Tensor | float, dict[str, Tensor]]:
    """(scalar, logs) that a method of a game or a part returned; ValueError of anything else."""
    if isinstance(returned, tuple | list) and len(returned) == 2:
        value, logs = returned
        if _is_scalar(value) and isinstance(logs, Mapping):
            return value, dict(logs)
    raise ValueError(
        f"{type(owner).__name__}.{method} returned {_in_words(returned)}; expected a scalar and a dict of what it "
        "logs: return loss, {}."
    )


def alone(returned: Any, owner: Any, method: str) -> Tensor | float:
    """The scalar that a method of a game returned; ValueError of anything else."""
    if _is_scalar(returned):
        return returned
    raise ValueError(
        f"{type(owner).__name__}.{method} returned {_in_words(returned)}; expected a scalar alone: return loss."
    )


def _is_scalar(value):
    return isinstance(value, numbers.Number) or getattr(value, "shape", None) == ()


def _in_words(value):
    if value is None:
        return "nothing"
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_in_words, value))})"
    shape = getattr(value, "shape", None)
    return f"a {type(value).__name__}" if shape is None else f"a tensor of shape {shape}"
