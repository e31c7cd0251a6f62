"""A score over seeds, of samples or of trainings: its mean and how far the seeds are from it."""

from collections.abc import Mapping, Sequence

import numpy as np


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """{"mean", "std"}: the standard deviation has n - 1 in it, and one value has none."""
    return {"mean": float(np.mean(values)), "std": float(np.std(values, ddof=1)) if len(values) > 1 else None}


def spreads(records: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float | None]]:
    """{score: its `spread`} of the scores of each seed."""
    return {name: spread([each[name] for each in records]) for name in records[0]}
