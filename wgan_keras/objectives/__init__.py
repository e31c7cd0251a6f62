"""What the generator may pursue instead of its game's own loss."""

from wgan_keras.objectives.objective import OBJECTIVES, Objective, register_objective

__all__ = ["OBJECTIVES", "Objective", "register_objective"]
