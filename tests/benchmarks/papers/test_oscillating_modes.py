"""Counting changes of mode, the verdicts, and one game at toy size."""

import numpy as np
import pytest

from benchmarks.papers import oscillating_modes as benchmark

SETTINGS = benchmark.Settings(seeds=2, iterations=4, interval=1, units=8, latent_dim=4, batch_size=8, samples=40)


def test_the_counts_of_a_known_walk():
    largest = np.array([[0, 0, 3, 3, 0, 1], [2, 2, 2, 2, 2, 2]])
    shares = 0.75 * np.eye(8)[largest]
    np.testing.assert_allclose(benchmark.change_rate(shares), [3 / 5, 0])
    np.testing.assert_array_equal(benchmark.modes_visited(shares), [3, 1])
    np.testing.assert_allclose(benchmark.largest_share(shares), 0.75)
    np.testing.assert_array_equal(benchmark.change_rate(shares / 2), 0)  # the largest, but of no majority
    np.testing.assert_array_equal(benchmark.modes_visited(shares / 2), 0)


@pytest.mark.long
def test_at_toy_size_all_samples_are_counted_at_every_look_of_every_seed(without_xla, monkeypatch):
    monkeypatch.setattr(benchmark, "GAMES", {"GAN": benchmark.GAMES["GAN"]})
    first, second = (record["GAN"] for record in benchmark.train([0, 1], SETTINGS))
    for record in (first, second):
        np.testing.assert_allclose(np.sum(record["shares"], axis=1), np.ones(4))
        assert len(record["covered"]) == 4
    assert first["shares"] != second["shares"]
    (again,) = benchmark.train([1], SETTINGS)
    assert again["GAN"] == second


def game(largest_share, change_rate, modes_visited, covered, seeds=15):
    one = {"largest_share": largest_share, "change_rate": change_rate, "modes_visited": modes_visited}
    return {name: [value] * seeds for name, value in {**one, "covered_at_the_end": covered}.items()}


def test_the_verdicts_of_known_counts():
    rotating, stuck, even = game(0.95, 0.7, 8, 1), game(1.0, 0.0, 1, 1), game(0.15, 0.0, 0, 8)
    found = benchmark.claims({"GAN": rotating, "GAN, equal rates": stuck, "WGAN-GP": even})
    assert [claim.verdict for claim in found] == ["held"] * 5
    found = benchmark.claims({"GAN": even, "GAN, equal rates": stuck, "WGAN-GP": rotating})
    assert [claim.verdict for claim in found] == ["not held"] * 5
