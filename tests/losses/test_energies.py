"""An autoencoder's energies: what they are, and where the margin ends their slope."""

import numpy as np

from wgan_keras import losses


def test_an_energy_is_the_mean_squared_error_of_one_image():
    rng = np.random.default_rng(0)
    images, reconstructions = rng.normal(size=(2, 5, 4, 4, 3))
    energies = losses.reconstruction_energy(images, reconstructions)
    expected = [np.mean((x - y) ** 2) for x, y in zip(images, reconstructions, strict=True)]
    np.testing.assert_allclose(energies, np.reshape(expected, (5, 1)), rtol=1e-5)
    np.testing.assert_array_equal(losses.reconstruction_energy(images, images), np.zeros((5, 1)))


def test_fakes_of_an_energy_above_the_margin_cost_nothing_and_pull_nothing(gradient):
    real, fake = np.array([[0.5], [1.5]], "float32"), np.array([[0.5], [1.5], [3.0], [9.0]], "float32")
    np.testing.assert_allclose(losses.energy_critic_loss(real, fake, 2.0), 1.0 + (1.5 + 0.5) / 4)
    np.testing.assert_array_equal(
        gradient(lambda x: losses.energy_critic_loss(real, x, 2.0), fake)[:, 0], [-0.25, -0.25, 0, 0]
    )
    assert float(losses.energy_critic_loss(np.zeros((2, 1)), np.full((2, 1), 2.0), 2.0)) == 0


def test_where_all_energies_are_equal_below_the_margin_the_critics_value_is_the_margin():
    """Theorem 1: V at the equilibrium is m."""
    for energy in (0.0, 0.7, 2.0):
        same = np.full((3, 1), energy, "float32")
        np.testing.assert_allclose(losses.energy_critic_loss(same, same, 2.0), 2.0, rtol=1e-6)
