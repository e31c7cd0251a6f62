"""Counting changes of mode, and the benchmark at toy size."""

import numpy as np

from benchmarks import oscillating_modes as benchmark


def test_changes_of_the_largest_mode():
    largest = [0, 0, 3, 3, 0, 1]
    assert benchmark.changes_of_mode(np.eye(8)[largest]) == 3


def test_at_toy_size_all_samples_are_counted_at_every_look(eagerly):
    settings = benchmark.Settings(iterations=4, interval=1, units=8, latent_dim=4, batch_size=8, samples=40)
    watched = benchmark.watch("GAN", settings)
    np.testing.assert_allclose(watched.shares.sum(axis=1), np.ones(4))
    assert all(len(each["covered_at_each_look"]) == 4 for each in benchmark.run(settings).numbers.values())
