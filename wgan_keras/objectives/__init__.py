"""What the generator may pursue instead of its game's own loss."""

from wgan_keras.objectives.feature_matching import FeatureMatching
from wgan_keras.objectives.objective import OBJECTIVES, Objective, register_objective
from wgan_keras.objectives.pulling_away import PullingAway
from wgan_keras.objectives.unrolled import Unrolled

__all__ = ["OBJECTIVES", "FeatureMatching", "Objective", "PullingAway", "Unrolled", "register_objective"]
