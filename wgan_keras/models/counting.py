"""How far a game is: its generator iterations, which go on where `compile` brings another optimizer."""

from typing import Any

import keras
import numpy as np

from wgan_keras._types import MixedIntoModel

_NAME = "iterations_before"  # in a file; one without it is of a game that counts as its optimizer does


class Counting(MixedIntoModel):
    """For a game, mixed in before `keras.Model`: `generator_iterations`."""

    generator_optimizer: keras.Optimizer
    _iterations_before = 0  # those of earlier optimizers, less what the present one had counted when it came

    @property
    def generator_iterations(self) -> int:
        """How many generator iterations the game has made, with all optimizers that `compile` has set; 0 without."""
        return self._iterations_before + _count(self.generator_optimizer) if self.compiled else 0

    def go_on_counting(self, optimizer: keras.Optimizer) -> None:
        """Keeps the count of the present optimizer, if there is one, before this one takes its place."""
        present = getattr(self, "generator_optimizer", None)
        if present is not None:
            self._iterations_before += _count(present) - _count(optimizer)

    def save_count(self, store: Any) -> None:
        """Into the variables of a file: nothing, where the optimizer counts all."""
        if self._iterations_before:
            store[_NAME] = np.int64(self._iterations_before)

    def load_count(self, store: Any) -> None:
        """What `save_count` has written; without optimizers, which come from the same file, there is no count."""
        if self.compiled:
            self._iterations_before = int(store[_NAME]) if _NAME in store else 0


def _count(optimizer):
    return int(optimizer.iterations.numpy())
