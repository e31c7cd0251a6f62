"""Divergences against closed forms, and against solvers that share no code with them."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from wgan_keras import divergences

LOG2 = np.log(2)


def parallel_lines(theta, n=200):
    """Samples of (0, z) and (theta, z), z in [0, 1]: example 1 of the WGAN paper."""
    z = np.linspace(0, 1, n)
    return np.stack([np.zeros(n), z], axis=1), np.stack([np.full(n, theta), z], axis=1)


@pytest.mark.parametrize("theta", [1.0, 0.25, -0.5])
def test_example_1_of_the_paper(theta):
    x, y = parallel_lines(theta)
    _, p, q = divergences.empirical(x, y)
    assert divergences.total_variation(p, q) == pytest.approx(1)
    assert divergences.kullback_leibler(p, q) == np.inf
    assert divergences.jensen_shannon(p, q) == pytest.approx(LOG2)
    assert divergences.jensen_shannon(p, q, halves=False) == pytest.approx(2 * LOG2)
    for power in (1, 2, 3):
        assert divergences.wasserstein(x, y, p=power) == pytest.approx(abs(theta))


def test_example_1_at_theta_zero():
    x, y = parallel_lines(0.0)
    _, p, q = divergences.empirical(x, y)
    assert divergences.total_variation(p, q) == 0
    assert divergences.kullback_leibler(p, q) == 0
    assert divergences.jensen_shannon(p, q) == 0
    assert divergences.wasserstein(x, y) == pytest.approx(0, abs=1e-15)


def test_two_coins():
    p, q = [0.5, 0.5], [0.25, 0.75]
    assert divergences.total_variation(p, q) == pytest.approx(0.25)
    assert divergences.kullback_leibler(p, q) == pytest.approx(0.5 * np.log(4 / 3))
    assert divergences.kullback_leibler(q, p) == pytest.approx(0.75 * np.log(3) - LOG2)
    # H(M) - (H(P) + H(Q)) / 2 is an independent form of the divergence with halves.
    entropy = lambda weights: -np.sum(np.multiply(weights, np.log(weights)))  # noqa: E731
    expected = entropy([0.375, 0.625]) - (entropy(p) + entropy(q)) / 2
    assert divergences.jensen_shannon(p, q) == pytest.approx(expected)
    assert divergences.jensen_shannon(p, q, halves=False) == pytest.approx(2 * expected)


def test_pinsker_and_symmetry():
    random = np.random.default_rng(0)
    for _ in range(20):
        p, q = random.dirichlet(np.ones(6), size=2)
        assert divergences.total_variation(p, q) <= np.sqrt(divergences.kullback_leibler(p, q) / 2)
        assert divergences.jensen_shannon(p, q) == pytest.approx(divergences.jensen_shannon(q, p))


def test_empirical_counts_repeated_points():
    support, p, q = divergences.empirical([1, 1, 2, 3], [3, 3, 1, 5, 5])
    assert support[:, 0].tolist() == [1, 2, 3, 5]
    assert p.tolist() == [0.5, 0.25, 0.25, 0]
    assert q.tolist() == [0.2, 0, 0.4, 0.4]


def test_on_the_line_against_scipy():
    random = np.random.default_rng(1)
    x, y = random.normal(size=37), random.normal(1, 2, size=23)
    p, q = random.dirichlet(np.ones(37)), random.dirichlet(np.ones(23))
    assert divergences.wasserstein(x, y) == pytest.approx(wasserstein_distance(x, y))
    assert divergences.wasserstein(x, y, 1, p, q) == pytest.approx(wasserstein_distance(x, y, p, q))


@pytest.mark.parametrize("power", [1, 2])
def test_in_space_against_the_assignment_problem(power):
    random = np.random.default_rng(2)
    x, y = random.normal(size=(60, 3)), random.normal(0.5, 1, size=(60, 3))
    cost = cdist(x, y) ** power
    pairs = linear_sum_assignment(cost)
    assert divergences.wasserstein(x, y, power) == pytest.approx(cost[pairs].mean() ** (1 / power))


def test_line_and_space_agree():
    """The sort and the network simplex solve the same problem of points on a line, weighted and p = 2."""
    random = np.random.default_rng(3)
    x, y = random.normal(size=31), random.normal(size=17)
    p, q = random.dirichlet(np.ones(31)), random.dirichlet(np.ones(17))
    embed = lambda points: np.stack([0.6 * points, 0.8 * points], axis=1)  # noqa: E731
    on_the_line = divergences.wasserstein(x, y, 2, p, q)
    assert on_the_line == pytest.approx(divergences.wasserstein(embed(x), embed(y), 2, p, q))


@pytest.mark.parametrize("dimension", [1, 2])
def test_the_plan_moves_the_weights_at_the_distances_cost(dimension):
    random = np.random.default_rng(4)
    x, y = random.normal(size=(12, dimension)), random.normal(size=(9, dimension))
    p, q = random.dirichlet(np.ones(12)), random.dirichlet(np.ones(9))
    distance, plan = divergences.optimal_transport(x, y, 2, p, q)
    np.testing.assert_allclose(plan.sum(axis=1), p, atol=1e-12)
    np.testing.assert_allclose(plan.sum(axis=0), q, atol=1e-12)
    assert plan.min() >= 0
    assert distance == pytest.approx(np.sqrt((plan * cdist(x, y) ** 2).sum()))
    assert distance == pytest.approx(divergences.wasserstein(x, y, 2, p, q))


def test_discrete_distributions_on_shared_points():
    """Moving 0.3 of the mass from 0 to 1 and 0.2 from 1 to 3."""
    points = [0.0, 1.0, 3.0]
    distance = divergences.wasserstein(points, points, 1, [0.5, 0.3, 0.2], [0.2, 0.4, 0.4])
    assert distance == pytest.approx(0.3 * 1 + 0.2 * 2)


@pytest.mark.parametrize("dimension", [1, 2])
def test_points_and_their_copies_are_at_no_distance(dimension):
    """What rounding leaves of mass to move, 1e-17, would count under a large p: 1e-17^(1/50) is 0.46."""
    random = np.random.default_rng(0)
    x, weights = random.normal(size=(10, dimension)), random.dirichlet(np.ones(10))
    assert divergences.wasserstein(x, np.repeat(x, 7, 0), 50) == 0
    assert divergences.wasserstein(x, np.repeat(x, 7, 0), 50, weights, np.repeat(weights / 7, 7)) == 0


@pytest.mark.parametrize("dimension", [1, 2])
@pytest.mark.parametrize("shift", [1000, 1e-3])
def test_powers_of_distances_may_leave_the_range_of_floats(dimension, shift):
    x = np.random.default_rng(0).normal(size=(5, dimension)) * shift / 10
    assert divergences.wasserstein(x, x + np.eye(dimension)[0] * shift, 200) == pytest.approx(shift)
    assert divergences.optimal_transport(x[:1], x[:1] + shift, 200).distance == pytest.approx(shift * dimension**0.5)


def test_little_mass_is_moved_all_the_same():
    assert divergences.wasserstein([0.0, 1.0], [0.0], 2, [1 - 1e-12, 1e-12]) == pytest.approx(1e-6, rel=1e-3)
    assert divergences.wasserstein(np.eye(2), np.eye(2)[:1], 2, [1 - 1e-12, 1e-12]) == pytest.approx(
        2**0.5 * 1e-6, rel=1e-3
    )


def test_weights_that_nearly_sum_to_one_leave_no_divergence_below_zero():
    almost = [0.5000004, 0.5000004]
    assert divergences.kullback_leibler([0.5, 0.5], almost) == 0
    assert divergences.wasserstein([0, 100], [0, 100], 2, [1, 0], [1 + 5e-7, 0]) == 0
    p, q = np.random.default_rng(0).dirichlet(np.ones(50), 2)
    assert divergences.jensen_shannon(p, p + 1e-12 * (q - p)) >= 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: divergences.total_variation([0.5, 0.4], [0.5, 0.5]), "summing to 0.9"),
        (lambda: divergences.total_variation([1.5, -0.5], [0.5, 0.5]), "none negative"),
        (lambda: divergences.kullback_leibler([1.0], [0.5, 0.5]), "same outcomes"),
        (lambda: divergences.jensen_shannon([], []), "0 values"),
        (lambda: divergences.wasserstein([], [1.0]), "at least one"),
        (lambda: divergences.wasserstein([np.nan], [1.0]), "1 values that are not finite"),
        (lambda: divergences.wasserstein([[1.0, 2.0]], [1.0]), "2 coordinates"),
        (lambda: divergences.wasserstein([1.0], [1.0], p=0.5), "p=0.5"),
        (lambda: divergences.wasserstein([1.0, 2.0], [1.0], x_weights=[1.0]), "2 points"),
        (lambda: divergences.optimal_transport(np.zeros(20000), np.zeros(20000)), "400000000 pairs"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=message):
        call()
