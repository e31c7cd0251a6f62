"""Terms of a loss beside the game's own: on the critic's gradient, or on weights."""

from wgan_keras.penalties.dragan import DRAGAN
from wgan_keras.penalties.gradient import GradientPenalty, gradient_penalty, interpolate
from wgan_keras.penalties.historical_averaging import HistoricalAveraging
from wgan_keras.penalties.penalty import PENALTIES, Penalty, register_penalty
from wgan_keras.penalties.zero_centered import R1, R2

__all__ = [
    "DRAGAN",
    "PENALTIES",
    "R1",
    "R2",
    "GradientPenalty",
    "HistoricalAveraging",
    "Penalty",
    "gradient_penalty",
    "interpolate",
    "register_penalty",
]
