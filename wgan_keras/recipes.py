"""Recipes under their public name; they live in `wgan_keras.presets`."""

from wgan_keras.presets.recipe import Recipe
from wgan_keras.presets.usual import optimizers_at, standard

__all__ = ["Recipe", "optimizers_at", "standard"]
