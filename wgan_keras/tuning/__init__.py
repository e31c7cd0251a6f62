"""Hyperparameter search over honest scores, on keras-tuner."""

from wgan_keras.tuning.hypermodel import GANHyperModel
from wgan_keras.tuning.objective import objective
from wgan_keras.tuning.space import default_space, load_space

__all__ = ["GANHyperModel", "default_space", "load_space", "objective"]
