"""Terms of a loss beside the game's own: on the critic's gradient, or on weights."""

from wgan_keras.penalties.gradient import GradientPenalty, gradient_penalty, interpolate
from wgan_keras.penalties.penalty import PENALTIES, Penalty, register_penalty

__all__ = ["PENALTIES", "GradientPenalty", "Penalty", "gradient_penalty", "interpolate", "register_penalty"]
