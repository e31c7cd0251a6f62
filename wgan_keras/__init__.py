"""Wasserstein GANs for Keras: right, fast and honest.

A name is imported when it is first used, so that `wgan-keras list` and `--help` need not wait for TensorFlow.
"""

import importlib
import os
import sys

__version__ = "0.1.0"

_MODULE_OF = {
    "GAN": "models",
    "WGAN": "models",
    "WGANGP": "models",
    "WeightClip": "constraints",
    "from_preset": "presets",
    "list_presets": "preset_files",
    "load_model": "saving",
}
_MODULES = (
    "callbacks",
    "constraints",
    "data",
    "divergences",
    "layers",
    "losses",
    "metrics",
    "networks",
    "penalties",
    "tuning",
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
