"""Recipes, and trained models as folders that hold no code.

config.json         the recipe, from which the networks are built by name
model.weights.h5    the generator that samples, and the critic; no optimizer
metadata.json       sha256 of the weights, versions, parameter counts, iterations; in the zoo the scores and more

A name is imported when it is first used: to list the presets loads no framework.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what editors and type checkers see of the names below
    from wgan_keras.presets.opening import from_preset as from_preset, open_recipe as open_recipe
    from wgan_keras.presets.recipe import Recipe as Recipe
    from wgan_keras.presets.saving import save as save
    from wgan_keras.presets.store import list_presets as list_presets
    from wgan_keras.presets.usual import standard as standard

_MODULE_OF = {
    "Recipe": "recipe",
    "from_preset": "opening",
    "list_presets": "store",
    "open_recipe": "opening",
    "save": "saving",
    "standard": "usual",
}
__all__ = ["Recipe", "from_preset", "list_presets", "open_recipe", "save", "standard"]


def __getattr__(name):
    if name in _MODULE_OF:
        return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
