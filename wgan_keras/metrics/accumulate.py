"""The Keras-style life of the metrics that need every feature at once."""

import abc

import numpy as np

from wgan_keras.metrics.checks import check_features, check_pair


class AgainstReference(abc.ABC):
    """Collects fake features batch by batch and scores them against real ones; subclasses say how in `score`.

    `reference` holds real features (n, width). `update_state(features)` adds a batch, `result()` scores all
    that came since the beginning or the last `reset_state()`. Features are kept as they come: 10,000 of width
    96 in float32 are 4 MB.
    """

    def __init__(self, reference):
        self.reference = check_features(reference, "reference")
        self.reset_state()

    def update_state(self, features):
        features = np.asarray(features)
        check_pair(self.reference[:1], features)
        self.batches.append(features)

    def result(self):
        if not self.batches:
            raise ValueError("No fake features came yet; call update_state before result.")
        return self.score(self.reference, np.concatenate(self.batches))

    def reset_state(self):
        self.batches = []

    @abc.abstractmethod
    def score(self, real, fake):
        """The metric of all real and all fake features."""
