"""The sets, the accuracy of known discriminators, and the verdicts."""

import numpy as np

from benchmarks.papers import manifolds as benchmark


def test_the_lines_are_apart_and_the_surfaces_and_volumes_meet():
    random = np.random.default_rng(0)
    real, fake = benchmark.lines(500, random)
    assert np.linalg.norm(real[:, None] - fake[None], axis=2).min() >= benchmark.APART
    real, fake = benchmark.surfaces(500, random)
    assert not real[:, 2].any() and not fake[:, 0].any()
    assert np.linalg.norm(real[:, None] - fake[None], axis=2).min() < 0.05


def test_the_accuracy_of_the_best_discriminators():
    higher = benchmark.APART / 2
    assert benchmark.accuracy(lambda x: higher - x[:, 2:], "lines", 0) == 1
    assert benchmark.accuracy(lambda x: np.abs(x[:, :1]) - np.abs(x[:, 2:]), "surfaces", 0) == 1
    # Volumes overlap in a half of each: 1 on one half, and a guess on the other.
    assert abs(benchmark.accuracy(lambda x: 0.25 - x[:, :1], "volumes", 0) - 0.75) < 0.01


def test_at_toy_size_the_lines_are_already_told_apart(without_xla):
    settings = benchmark.Settings(seeds=1, updates=100, units=16, batch_size=64, points=1_000)
    assert benchmark.train_one("lines", 0, settings) > 0.75
