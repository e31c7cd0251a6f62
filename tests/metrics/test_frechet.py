"""The Fréchet distance against closed forms of Gaussians, and its accumulating form against the plain one."""

import numpy as np
import pytest

from wgan_keras import metrics


def random_covariance(width, rank, seed):
    factor = np.random.default_rng(seed).normal(size=(width, rank))
    return factor @ factor.T / rank


def set_with_moments(mean, covariance_root, n, seed):
    """n points whose sample mean and sample covariance are the given ones exactly, root @ root.T."""
    x = np.random.default_rng(seed).normal(size=(n, len(mean)))
    x -= x.mean(axis=0)
    # Whitened by the Cholesky factor of its own covariance.
    x = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x, rowvar=False))).T
    return x @ np.asarray(covariance_root).T + mean


def test_diagonal_gaussians():
    """Commuting covariances: |m1 - m2|^2 + sum (s1 - s2)^2 of the standard deviations."""
    s1, s2 = np.array([1.0, 2.0, 0.5]), np.array([3.0, 0.1, 0.5])
    m1, m2 = np.array([0.0, 1.0, -1.0]), np.array([0.5, 1.0, 2.0])
    expected = np.sum((m1 - m2) ** 2) + np.sum((s1 - s2) ** 2)
    from_moments = metrics.frechet_distance_from_moments(m1, np.diag(s1**2), m2, np.diag(s2**2))
    assert from_moments == pytest.approx(expected, rel=1e-12)
    real, fake = set_with_moments(m1, np.diag(s1), 50, 0), set_with_moments(m2, np.diag(s2), 70, 1)
    assert metrics.frechet_distance(real, fake) == pytest.approx(expected, abs=1e-8)


def test_full_gaussians_in_the_plane():
    """In two dimensions tr (S1 S2)^(1/2) = sqrt(tr(S1 S2) + 2 sqrt(det S1 det S2))."""
    s1, s2 = np.array([[2.0, 0.7], [0.7, 1.0]]), np.array([[0.5, -0.3], [-0.3, 3.0]])
    trace = np.sqrt(np.trace(s1 @ s2) + 2 * np.sqrt(np.linalg.det(s1) * np.linalg.det(s2)))
    expected = 5.0 + np.trace(s1) + np.trace(s2) - 2 * trace
    assert metrics.frechet_distance_from_moments([0, 0], s1, [1, 2], s2) == pytest.approx(expected, abs=1e-8)


def test_full_gaussians_against_the_eigenvalues_of_the_product():
    s1, s2 = random_covariance(40, 60, 0), random_covariance(40, 60, 1)
    eigenvalues = np.linalg.eigvals(s1 @ s2)
    expected = np.trace(s1) + np.trace(s2) - 2 * np.sqrt(eigenvalues.real).sum()
    zero = np.zeros(40)
    assert metrics.frechet_distance_from_moments(zero, s1, zero, s2) == pytest.approx(expected, abs=1e-8)


def test_rank_deficient_gaussians():
    """On two lines through 0 at the angle a: S = u u^T, S1 S2 has the one eigenvalue cos(a)^2."""
    width, angle = 64, 0.4
    u, v = np.zeros(width), np.zeros(width)
    u[3], v[3], v[17] = 1.0, np.cos(angle), np.sin(angle)
    zero = np.zeros(width)
    s1, s2 = 4 * np.outer(u, u), 9 * np.outer(v, v)
    distance = metrics.frechet_distance_from_moments(zero, s1, zero, s2)
    assert distance == pytest.approx(4 + 9 - 2 * 2 * 3 * np.cos(angle), abs=1e-8)
    # A low-rank covariance and its multiple commute: (1 - 2)^2 tr S.
    s = random_covariance(width, 10, 2)
    distance = metrics.frechet_distance_from_moments(zero, s, zero, 4 * s)
    assert distance == pytest.approx(np.trace(s), abs=1e-8)


def test_dead_features_change_nothing():
    """ReLU features that never fire make singular covariances; the distance is that of the others."""
    random = np.random.default_rng(3)
    real, fake = random.normal(size=(200, 20)), random.normal(0.3, 1.5, size=(150, 20))
    with_dead = [np.concatenate([x, np.zeros((len(x), 5))], axis=1) for x in (real, fake)]
    expected = metrics.frechet_distance(real, fake)
    assert metrics.frechet_distance(*with_dead) == pytest.approx(expected, abs=1e-8)


def test_symmetric_and_zero_for_equal_sets():
    random = np.random.default_rng(4)
    real, fake = random.normal(size=(100, 10)), random.gamma(2, size=(80, 10))
    backwards = metrics.frechet_distance(fake, real)
    assert metrics.frechet_distance(real, fake) == pytest.approx(backwards, rel=1e-12)
    assert metrics.frechet_distance(real, real[::-1]) == pytest.approx(0, abs=1e-10)


def test_fewer_samples_than_features_are_refused():
    random = np.random.default_rng(7)
    real, fake = random.normal(size=(300, 64)), random.normal(size=(64, 64))
    with pytest.raises(ValueError, match=r"fake set has 64 samples of 64 features.*at least 65"):
        metrics.frechet_distance(real, fake)
    with pytest.raises(ValueError, match="real set has 64 samples"):
        metrics.frechet_distance(fake, real)


def test_moments_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"\(3, 3\).*twice"):
        metrics.frechet_distance_from_moments(np.zeros(2), np.eye(2), np.zeros(2), np.eye(3))
    with pytest.raises(ValueError, match="moments have NaN"):
        metrics.frechet_distance_from_moments(np.zeros(2), np.eye(2), np.zeros(2), np.full((2, 2), np.nan))
