"""The schedule of the authors' code, its stretches, and a short training of both."""

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.papers import critic_warm_up as benchmark


def test_the_schedule_is_that_of_the_code():
    updates = [benchmark.warm_up(iteration) for iteration in range(1_002)]
    assert updates[:26] == [100] * 25 + [5]
    assert [i for i, n in enumerate(updates) if n == 100 and i >= 25] == [500, 1_000]
    assert benchmark.critic_updates(1_000) == {"warm-up": 26 * 100 + 974 * 5, "constant": 5_000}


def test_the_stretches_cover_all_iterations_and_end_at_the_looks():
    found = list(benchmark.segments(benchmark.warm_up, (25, 100, 502)))
    assert found == [(0, 25, 100), (25, 100, 5), (100, 500, 5), (500, 501, 100), (501, 502, 5)]


@pytest.fixture
def eagerly():
    """Two steps take less time than tracing one does."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def test_a_critic_that_is_trained_more_gives_another_generator(eagerly, monkeypatch):
    monkeypatch.setattr(benchmark, "SAMPLES", 50)
    monkeypatch.setattr(benchmark, "SCHEDULES", {"warm-up": lambda i: 3 if i < 1 else 2, "constant": lambda i: 2})
    settings = benchmark.Settings(seeds=1, looks=(1, 2), units=8, batch_size=8)
    (record,) = benchmark.train([0], settings)
    assert np.shape(record["warm-up"]) == (2,) and np.isfinite(record["constant"]).all()
    assert record["warm-up"] != record["constant"]


def test_the_verdicts_of_known_distances():
    records = [{"warm-up": [0.5, 1.5], "constant": [1.0, 1.0]}] * 5
    assert [claim.verdict for claim in benchmark.claims(records, (25, 1_000))] == ["held", "not held"]
