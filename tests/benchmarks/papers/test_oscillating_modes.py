"""Counting changes of mode, the verdicts, and one game at toy size."""

import numpy as np

from benchmarks.papers import oscillating_modes as benchmark


def test_the_counts_of_a_known_walk():
    largest = np.array([[0, 0, 3, 3, 0, 1], [2, 2, 2, 2, 2, 2]])
    shares = 0.75 * np.eye(8)[largest]
    np.testing.assert_allclose(benchmark.change_rate(shares), [3 / 5, 0])
    np.testing.assert_array_equal(benchmark.modes_visited(shares), [3, 1])
    np.testing.assert_allclose(benchmark.largest_share(shares), 0.75)
    np.testing.assert_array_equal(benchmark.change_rate(shares / 2), 0)  # the largest, but of no majority
    np.testing.assert_array_equal(benchmark.modes_visited(shares / 2), 0)


def test_at_toy_size_all_samples_are_counted_at_every_look_of_every_seed(without_xla):
    settings = benchmark.Settings(seeds=2, iterations=4, interval=1, units=8, latent_dim=4, batch_size=8, samples=40)
    watched = benchmark.watch("GAN", settings)
    np.testing.assert_allclose(watched.shares.sum(axis=2), np.ones((2, 4)))
    assert watched.covered.shape == (2, 4)
    assert not np.array_equal(*watched.shares)


def test_the_verdicts_of_known_counts():
    rotating = {"largest_share": [0.9, 0.95], "change_rate": [0.5, 0.7], "modes_visited": [8, 8]}
    stuck = {"largest_share": [1.0, 1.0], "change_rate": [0.0, 0.0], "modes_visited": [1, 1]}
    even = {"largest_share": [0.15, 0.16], "change_rate": [0.0, 0.0], "modes_visited": [0, 0]}
    found = benchmark.claims({"GAN": rotating, "GAN, equal rates": stuck, "WGAN-GP": even})
    assert all(claim.held for claim in found)
    for other in (stuck, even):
        found = benchmark.claims({"GAN": other, "GAN, equal rates": stuck, "WGAN-GP": rotating})
        assert [claim.held for claim in found] == [other is stuck, False, False, False]
