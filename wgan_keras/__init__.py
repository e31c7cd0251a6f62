"""Wasserstein GANs for Keras: right, fast and honest.

A name is imported when it is first used, so that `wgan-keras list` and `--help` need not wait for TensorFlow.
"""

import importlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what editors and type checkers see of the names below
    from wgan_keras import (
        callbacks as callbacks,
        constraints as constraints,
        data as data,
        divergences as divergences,
        layers as layers,
        losses as losses,
        metrics as metrics,
        models as models,
        networks as networks,
        objectives as objectives,
        optimizers as optimizers,
        penalties as penalties,
        presets as presets,
        random as random,
        recipes as recipes,
        shares as shares,
        tuning as tuning,
        views as views,
    )
    from wgan_keras.constraints import WeightClip as WeightClip
    from wgan_keras.data.dataset import register_data as register_data
    from wgan_keras.games import register_game as register_game
    from wgan_keras.metrics.extractors import register_extractor as register_extractor
    from wgan_keras.metrics.metric import register_metric as register_metric
    from wgan_keras.models import (
        EBGAN as EBGAN,
        FGAN as FGAN,
        GAN as GAN,
        LSGAN as LSGAN,
        MMDGAN as MMDGAN,
        WGAN as WGAN,
        WGANGP as WGANGP,
        AdversarialModel as AdversarialModel,
        HingeGAN as HingeGAN,
        RelativisticGAN as RelativisticGAN,
        SemiSupervisedGAN as SemiSupervisedGAN,
    )
    from wgan_keras.models.loading import load_model as load_model
    from wgan_keras.networks.registry import register_network as register_network
    from wgan_keras.objectives import register_objective as register_objective
    from wgan_keras.optimizers import register_optimizer as register_optimizer, register_schedule as register_schedule
    from wgan_keras.penalties import register_penalty as register_penalty
    from wgan_keras.presets.opening import from_preset as from_preset
    from wgan_keras.presets.recipe import Recipe as Recipe
    from wgan_keras.presets.store import list_presets as list_presets
    from wgan_keras.publishing.uploading import upload_preset as upload_preset
    from wgan_keras.views import register_view as register_view

__version__ = "0.2.0"

_MODULE_OF = {
    "AdversarialModel": "models",
    "EBGAN": "models",
    "FGAN": "models",
    "GAN": "models",
    "HingeGAN": "models",
    "LSGAN": "models",
    "MMDGAN": "models",
    "Recipe": "presets",
    "RelativisticGAN": "models",
    "SemiSupervisedGAN": "models",
    "WGAN": "models",
    "WGANGP": "models",
    "WeightClip": "constraints",
    "from_preset": "presets",
    "list_presets": "presets",
    "load_model": "models.loading",
    "register_data": "data.dataset",
    "register_extractor": "metrics.extractors",
    "register_game": "games",
    "register_metric": "metrics.metric",
    "register_network": "networks.registry",
    "register_objective": "objectives",
    "register_optimizer": "optimizers",
    "register_penalty": "penalties",
    "register_schedule": "optimizers",
    "register_view": "views",
    "upload_preset": "publishing.uploading",
}
_MODULES = (
    "callbacks",
    "constraints",
    "data",
    "divergences",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "objectives",
    "optimizers",
    "penalties",
    "presets",
    "random",
    "recipes",
    "shares",
    "tuning",
    "views",
)
__all__ = sorted([*_MODULE_OF, *_MODULES])


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _MODULE_OF:
        return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__


_other_backend = os.environ.get("KERAS_BACKEND", "tensorflow") not in ("tensorflow", "jax")
_is_command = [os.path.basename(path) for path in sys.argv[:1]] == ["wgan-keras"]  # tells of it in one line itself
if sys.modules.get("keras") or (_other_backend and not _is_command):
    # Nothing is gained by waiting, and keras.saving.load_model knows the games and layers at once; another backend is
    # refused at once.
    importlib.import_module(f"{__name__}.models")
