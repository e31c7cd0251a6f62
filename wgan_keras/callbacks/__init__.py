"""Callbacks for `fit`: sample grids, scores, a history by iteration, a clean stop on a signal."""

from wgan_keras.callbacks.evaluate import Evaluate, KeepBest
from wgan_keras.callbacks.history import IterationHistory, read_history
from wgan_keras.callbacks.sample_grid import SampleGrid
from wgan_keras.callbacks.scores_file import read_scores
from wgan_keras.callbacks.stopping import StopAtIteration, StopOnSignal
from wgan_keras.callbacks.tensorboard import TensorBoard

__all__ = [
    "Evaluate",
    "IterationHistory",
    "KeepBest",
    "SampleGrid",
    "StopAtIteration",
    "StopOnSignal",
    "TensorBoard",
    "read_history",
    "read_scores",
]
