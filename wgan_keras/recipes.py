"""Recipes under their public name; they are defined in `wgan_keras.presets`."""

from wgan_keras.presets.recipe import Recipe, data_spec
from wgan_keras.presets.usual import optimizers_at, standard

__all__ = ["Recipe", "data_spec", "optimizers_at", "standard"]
