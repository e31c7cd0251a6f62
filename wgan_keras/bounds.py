"""What each parameter may be, once for recipes, Python arguments and the command: nothing else knows a bound."""

import math
import numbers
from typing import NamedTuple


class Bound(NamedTuple):
    """The numbers from `low` to `high`; an end that is not `closed` is not among them."""

    low: float = -1e30  # float32 ends at 3.4e38, and what is computed from a parameter is to stay below
    high: float = 1e30
    whole: bool = False
    low_closed: bool = True
    high_closed: bool = True

    def holds(self, value):
        if isinstance(value, bool) or not isinstance(value, numbers.Integral if self.whole else numbers.Real):
            return False
        above = value >= self.low if self.low_closed else value > self.low
        below = value <= self.high if self.high_closed else value < self.high
        return math.isfinite(value) and above and below

    def __str__(self):
        kind = "whole number" if self.whole else "number"
        low = f"{'at least' if self.low_closed else 'above'} {_in_words(self.low)}"
        high = f"{'at most' if self.high_closed else 'below'} {_in_words(self.high)}"
        return f"a {kind}, {low} and {high}"


def _in_words(end):
    return f"{end:,}" if isinstance(end, int) else f"{end:g}"


def _count(high):
    return Bound(1, high, whole=True)


_POSITIVE = Bound(0.0, low_closed=False)
_NOT_NEGATIVE = Bound(0.0)
_DECAY = Bound(0.0, 1.0, high_closed=False)

BOUNDS = {
    # games
    "n_critic": _count(1_000_000),
    "seed": Bound(0, 2**32 - 1, whole=True),
    "ema_decay": Bound(0.0, 1.0, low_closed=False, high_closed=False),
    "clip_value": _POSITIVE,
    "gradient_penalty_weight": _NOT_NEGATIVE,
    # networks
    "latent_dim": _count(65_536),
    "width": _count(16_384),
    "units": _count(131_072),
    "depth": _count(1_000),
    "growth": _count(64),
    # optimizers and their schedules
    "learning_rate": _POSITIVE,
    "initial_learning_rate": _POSITIVE,
    "end_learning_rate": _NOT_NEGATIVE,
    "decay_steps": _count(10**12),
    "decay_rate": _POSITIVE,
    "alpha": _NOT_NEGATIVE,
    "power": _POSITIVE,
    "warmup_steps": Bound(0, 10**12, whole=True),
    "beta_1": _DECAY,
    "beta_2": _DECAY,
    "rho": _DECAY,
    "momentum": Bound(0.0, 1.0),
    "epsilon": _NOT_NEGATIVE,
    "weight_decay": _NOT_NEGATIVE,
    "clipnorm": _POSITIVE,
    "clipvalue": _POSITIVE,
    "global_clipnorm": _POSITIVE,
    "ema_momentum": Bound(0.0, 1.0),
    # training and searching
    "batch_size": _count(1_000_000),
    "iterations": _count(10**12),
    "epoch_iterations": _count(10**12),
    "every": _count(10**12),
    "image_size": _count(16_384),
    "trials": _count(1_000_000),
    "workers": _count(1_024),
    "hours": _POSITIVE,
    # samples
    "n": _count(10**12),
    "columns": _count(1_000_000),
}


def fits(name, value):
    """Whether a parameter may be `value`; one of no known bound may be any finite number."""
    return BOUNDS.get(name, Bound()).holds(value)


def check(name, value, where=None):
    """ValueError, with what came and what was expected, if the parameter `name` may not be `value`."""
    if not fits(name, value):
        raise ValueError(f"{where or name} is {value!r}; expected {BOUNDS.get(name, Bound())}.")
