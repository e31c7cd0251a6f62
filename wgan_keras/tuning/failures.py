"""Trials that come to nothing: they end at once, and have a score all the same.

A tuner that is told of failures only as failures learns nothing from them: Bayesian optimization leaves them out, and
a bracket of Hyperband waits for them. So a failed trial gets the score of a generator before training, or of one that
has collapsed to one image, whichever is worse.
"""

import keras
import numpy as np

from wgan_keras import backend, metrics, scoring
from wgan_keras.metrics.checks import NotFiniteError

_LEVEL = 1 / 255  # half a gray level in [-1, 1]: what no eye and no 8-bit file tells apart
_LOOKED_AT = 64
# Of every pixel or coordinate of the one image. In the toy mixtures no mode is near it.
_CONSTANT = 0.5


class Failed(Exception):
    """A trial came to nothing; the message says how."""


def failure_of(error):
    """How a trial came to nothing, by what it raised; raised again where that is no failure of the trial's own."""
    if backend.out_of_memory(error):
        return "out of memory"
    if isinstance(error, Failed | NotFiniteError):
        return str(error)
    raise error


class StopOnDivergence(keras.callbacks.Callback):
    """Raises `Failed` once a loss is not finite, or at an epoch's end when all samples are one image.

    Attributes:
        iteration: how many the model was trained for, beginning with those given. A model on JAX, whose state a step
            has while it lasts, cannot tell it after an error.
    """

    def __init__(self, iteration=0):
        super().__init__()
        self.iteration = self._begun = iteration

    def on_epoch_begin(self, epoch, logs=None):
        self._begun = self.iteration

    def on_train_batch_end(self, batch, logs=None):
        self.iteration = self._begun + batch + 1
        for name in ("critic_loss", "generator_loss"):
            if not np.isfinite(value := float(logs[name])):
                raise Failed(f"{name} is {value} at iteration {self.iteration}")

    def on_epoch_end(self, epoch, logs=None):
        samples = self.model.sample(_LOOKED_AT, seed=0)
        if np.ptp(samples, axis=0).max() < _LEVEL:
            raise Failed(f"all samples are one image at iteration {self.iteration}")


def failure_scores(evaluation, untrained):
    """The worse, score by score, of an untrained model's samples and of as many copies of one image."""
    count, labels = evaluation.protocol.count, evaluation.labels
    asked = {} if labels is None else {"labels": scoring.labels_for(untrained, evaluation)}
    before = evaluation.scores(scoring.as_real(untrained.sample(count, seed=0, **asked), untrained, evaluation), labels)
    one_image = np.full((count, *untrained.generator.output_shape[1:]), _CONSTANT, "float32")
    collapsed = evaluation.scores(one_image, labels)
    return {name: (min if metrics.higher_is_better(name) else max)(before[name], collapsed[name]) for name in before}
