"""The relativistic average: its formulas in float64, and what it cannot see."""

import numpy as np
import pytest

from wgan_keras import losses

KINDS = ("logistic", "least_squares", "hinge")


def log_sigmoid(x):
    return -np.log1p(np.exp(-x))


def by_the_paper(kind, real, fake):
    """The critic's loss as the paper writes it for RaSGAN, RaLSGAN and RaHingeGAN."""
    real, fake = np.float64(real), np.float64(fake)
    real, fake = real - fake.mean(), fake - real.mean()
    return {
        "logistic": -log_sigmoid(real).mean() - log_sigmoid(-fake).mean(),
        "least_squares": ((real - 1) ** 2).mean() + ((fake + 1) ** 2).mean(),
        "hinge": np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean(),
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_papers_formula(scores, kind):
    np.testing.assert_allclose(losses.relativistic_average_loss(*scores, kind), by_the_paper(kind, *scores), rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_constant_in_all_scores_says_nothing(scores, kind):
    shifted = (each + 7 for each in scores)
    expected = losses.relativistic_average_loss(*scores, kind)
    np.testing.assert_allclose(losses.relativistic_average_loss(*shifted, kind), expected, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_players_exchange_real_and_fake_which_is_another_sign_of_the_scores(scores, kind):
    real, fake = scores
    generator = losses.relativistic_average_loss(fake, real, kind)
    np.testing.assert_allclose(generator, losses.relativistic_average_loss(-real, -fake, kind), rtol=1e-5)


def test_the_generator_descends_on_real_images_too(scores, gradient):
    """Where all scores are equal, the slopes on real and fake ones are as large and opposite."""
    same = np.zeros((4, 1), "float32")
    of_real = gradient(lambda x: losses.relativistic_average_loss(same, x), same)
    of_fake = gradient(lambda x: losses.relativistic_average_loss(x, same), same)
    np.testing.assert_allclose(of_real, 0.25 * np.ones((4, 1)), rtol=1e-6)
    np.testing.assert_allclose(of_fake, -of_real, rtol=1e-6)
