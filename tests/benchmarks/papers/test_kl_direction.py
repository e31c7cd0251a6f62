"""The minima where they are known in closed form."""

import numpy as np
import pytest

from benchmarks.papers import kl_direction as benchmark

X = np.linspace(-12, 12, 1_201)


def test_all_three_find_a_single_gaussian(monkeypatch):
    monkeypatch.setattr(benchmark, "SHARES", (1.0, 0.0))
    for objective in benchmark.OBJECTIVES.values():
        assert benchmark.fit(objective, X) == pytest.approx((-2, 0.5), abs=1e-4)


def test_the_moments_and_the_valley_of_the_mixture():
    # Mean 0.6 (-2) + 0.4 (2), variance 0.25 + 4 - 0.16.
    assert benchmark.moments() == pytest.approx((-0.4, np.sqrt(4.09)))
    valley = np.where(np.abs(X) < 0.5, 1.0, 0.0)
    assert benchmark.implausible(valley, X) == 1
    assert benchmark.implausible(benchmark.data(X), X) < 0.05
