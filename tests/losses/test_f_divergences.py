"""f-GAN's table 2: conjugates by a numeric supremum, and bounds at the best critic by sums in float64."""

import numpy as np
import pytest
from scipy.special import xlogy
from scipy.stats import norm

from wgan_keras import divergences, losses

# Of each divergence f and f' (table 1), and v where g_f(v) = t, solved by hand.
TABLE = {
    "kl": (lambda u: xlogy(u, u), lambda u: np.log(u) + 1, lambda t: t),
    "reverse_kl": (lambda u: -np.log(u), lambda u: -1 / u, lambda t: -np.log(-t)),
    "pearson": (lambda u: (u - 1) ** 2, lambda u: 2 * (u - 1), lambda t: t),
    "squared_hellinger": (lambda u: (np.sqrt(u) - 1) ** 2, lambda u: 1 - u**-0.5, lambda t: -np.log(1 - t)),
    "jensen_shannon": (
        lambda u: xlogy(u, u) - (u + 1) * np.log((u + 1) / 2),
        lambda u: np.log(2 * u / (u + 1)),
        lambda t: t - np.log(2 - np.exp(t)),
    ),
    "gan": (
        lambda u: xlogy(u, u) - (u + 1) * np.log(u + 1),
        lambda u: np.log(u / (u + 1)),
        lambda t: t - np.log(1 - np.exp(t)),
    ),
}
names = pytest.mark.parametrize("name", TABLE)


def test_the_table_holds_the_six():
    assert list(losses.F_DIVERGENCES) == list(TABLE)


@names
def test_the_conjugate_is_the_supremum(name):
    """f*(t) = sup u t - f(u), at t = g_f(v); Pearson's supremum lies at u < 0 for v < -2, out of densities' reach."""
    f, _, _ = TABLE[name]
    v = np.linspace(-1.9, 2, 14, dtype="float32")
    t = np.float64(losses.F_DIVERGENCES[name].activation(v))
    u = np.geomspace(1e-8, 1e8, 400_001)
    supremum = [np.max(u * each - f(u)) for each in t]
    np.testing.assert_allclose(losses.F_DIVERGENCES[name].conjugate(v), supremum, atol=1e-5, rtol=1e-5)


@names
def test_the_activation_grows_and_has_the_inverse_of_the_table(name):
    _, _, inverse = TABLE[name]
    v = np.linspace(-4, 4, 30, dtype="float32")
    t = np.float64(losses.F_DIVERGENCES[name].activation(v))
    assert (np.diff(t) > 0).all()
    np.testing.assert_allclose(inverse(t), v, rtol=1e-4, atol=1e-4)


@names
def test_the_bound_is_the_divergence_at_the_best_critic_and_less_elsewhere(p, q, samples, name):
    """Four outcomes: T = f'(p / q)."""
    f, slope, inverse = TABLE[name]
    divergence = np.sum(q * f(p / q))
    best = inverse(slope(p / q))

    def bound(values):
        return float(losses.variational_bound(*samples(values), name))

    np.testing.assert_allclose(bound(best), divergence, rtol=1e-5)
    others = best + 0.3 * np.random.default_rng(0).normal(size=(50, 4))
    assert max(map(bound, others)) < divergence


def test_names_mean_what_the_librarys_divergences_do(p, q, samples):
    expected = {
        "kl": divergences.kullback_leibler(p, q),
        "reverse_kl": divergences.kullback_leibler(q, p),
        "jensen_shannon": divergences.jensen_shannon(p, q, halves=False),
        "gan": divergences.jensen_shannon(p, q, halves=False) - np.log(4),
    }
    for name, divergence in expected.items():
        _, slope, inverse = TABLE[name]
        best = samples(inverse(slope(p / q)))
        np.testing.assert_allclose(losses.variational_bound(*best, name), divergence, rtol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    ("name", "divergence"),
    [
        ("kl", 1 / 2),
        ("reverse_kl", 1 / 2),
        ("pearson", np.exp(1) - 1),
        ("squared_hellinger", 2 - 2 * np.exp(-1 / 8)),
    ],
)
def test_the_bound_between_two_gaussians_is_the_closed_form(name, divergence):
    """N(1, 1) and N(0, 1), as 400,000 quantiles each: log p / q is x - 1/2."""
    _, slope, inverse = TABLE[name]
    quantiles = norm.ppf((np.arange(400_000) + 0.5) / 400_000)[:, None]
    real, fake = (inverse(slope(np.exp(x - 0.5))).astype("float32") for x in (quantiles + 1, quantiles))
    np.testing.assert_allclose(losses.variational_bound(real, fake, name), divergence, rtol=2e-3)


def test_gan_is_the_original_game_and_its_alternative_the_log_d_trick(scores):
    real, fake = scores
    bound = losses.variational_bound(real, fake, "gan")
    np.testing.assert_allclose(bound, losses.discriminator_value(real, fake), rtol=1e-6)
    minimax = losses.variational_generator_loss(fake, "gan")
    np.testing.assert_allclose(minimax, losses.minimax_generator_loss(fake), rtol=1e-6)
    alternative = losses.alternative_generator_loss(fake, "gan")
    np.testing.assert_allclose(alternative, losses.non_saturating_generator_loss(fake), rtol=1e-6)


@pytest.mark.parametrize("name", ["pearson", "jensen_shannon", "gan"])
def test_divergences_without_an_exponential_stay_finite_at_extreme_scores(name):
    huge = np.full((2, 1), 1e4, "float32")
    assert np.isfinite(losses.variational_bound(-huge, huge, name))
    assert np.isfinite(losses.alternative_generator_loss(-huge, name))
