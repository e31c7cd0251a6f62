"""The value functions of the games, on the critic's outputs.

Every function takes scores of shape (batch, 1), or what its summary says, and returns a scalar in float32, a mean over
the batch.
"""

from wgan_keras.losses.energies import energy_critic_loss, energy_generator_loss, reconstruction_energy
from wgan_keras.losses.f_divergences import (
    F_DIVERGENCES,
    FDivergence,
    alternative_generator_loss,
    variational_bound,
    variational_generator_loss,
)
from wgan_keras.losses.hinge import hinge_critic_loss, hinge_generator_loss, total_variation_estimate
from wgan_keras.losses.least_squares import le_cam_estimate, least_squares_critic_loss, least_squares_generator_loss
from wgan_keras.losses.logistic import (
    discriminator_value,
    js_estimate,
    minimax_generator_loss,
    non_saturating_generator_loss,
)
from wgan_keras.losses.mean_discrepancy import rbf_mixture, squared_mmd, witness
from wgan_keras.losses.relativistic import relativistic_average_loss
from wgan_keras.losses.semi_supervised import realness_generator_loss, supervised_loss, unsupervised_loss
from wgan_keras.losses.wasserstein import wasserstein_estimate, wasserstein_generator_loss

__all__ = [
    "F_DIVERGENCES",
    "FDivergence",
    "alternative_generator_loss",
    "discriminator_value",
    "energy_critic_loss",
    "energy_generator_loss",
    "hinge_critic_loss",
    "hinge_generator_loss",
    "js_estimate",
    "le_cam_estimate",
    "least_squares_critic_loss",
    "least_squares_generator_loss",
    "minimax_generator_loss",
    "non_saturating_generator_loss",
    "rbf_mixture",
    "realness_generator_loss",
    "reconstruction_energy",
    "relativistic_average_loss",
    "squared_mmd",
    "supervised_loss",
    "total_variation_estimate",
    "unsupervised_loss",
    "variational_bound",
    "variational_generator_loss",
    "wasserstein_estimate",
    "wasserstein_generator_loss",
    "witness",
]
