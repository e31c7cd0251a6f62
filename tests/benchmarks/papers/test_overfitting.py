"""Where curves part, what a copy is, and a short training."""

import numpy as np

from benchmarks.papers import overfitting as benchmark


def curves(gap):
    training = np.full(len(gap), 2.0)
    return benchmark.Curves(training, training * (1 - np.array(gap)), np.zeros(len(gap)))


def test_the_gap_and_the_iteration_from_which_it_stays():
    iterations = [10, 20, 30, 40]
    np.testing.assert_allclose(benchmark.gap(curves([0.1, 0.5])), [0.1, 0.5])
    assert benchmark.parted_at(curves([0.3, 0.1, 0.25, 0.4]), iterations) == 30
    assert benchmark.parted_at(curves([0.3, 0.3, 0.25, 0.4]), iterations) == 10
    assert benchmark.parted_at(curves([0.3, 0.3, 0.25, 0.1]), iterations) is None


def test_copies_have_a_z_far_below_zero_and_fresh_images_do_not():
    train, held_out, fresh = np.random.default_rng(0).normal(size=(3, 200, 2, 2, 1))
    assert benchmark.novelty(train, train, held_out) < -10
    assert abs(benchmark.novelty(fresh, train, held_out)) < 3


def test_held_out_images_that_are_the_training_images_leave_no_gap():
    images = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 1)).astype("float32")
    settings = benchmark.Settings(seeds=1, few=64, width=4, iterations=2, interval=1, held_out=64)
    trained = benchmark.watch(images, images, 0, settings)
    assert trained.training.shape == (2,) and trained.training[0] != trained.training[1]
    np.testing.assert_array_equal(benchmark.gap(trained), [0, 0])


def test_the_verdicts_of_known_curves():
    settings = benchmark.REDUCED
    parted, together = curves([0.0, 0.3, 0.3, 0.3]), curves([0.0, 0.05, 0.05, 0.05])
    found = benchmark.claims([parted] * 5, [together] * 5, [100] * 5, settings)
    assert [claim.verdict for claim in found] == ["held", "held"]
    found = benchmark.claims([together] * 5, [parted] * 5, [None] * 5, settings)
    assert [claim.verdict for claim in found] == ["not held", "not held"]
