"""The inception score: confident predictions, of many classes.

Source: Salimans et al. 2016, "Improved Techniques for Training GANs", section 4. It never looks at real
images, so a generator of one perfect image a class reaches the maximum: read it beside the other scores.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import xlogy

from wgan_keras.metrics.checks import check_features


class InceptionResult(NamedTuple):
    """`mean` over the splits, between 1 and the number of classes, and `std` from one split to another."""

    mean: float
    std: float


def inception_score(probabilities, splits=10):
    """exp(E_x KL(p(y|x) || p(y))) of class probabilities (n, classes), as an `InceptionResult` over `splits`
    parts.

    Sample i belongs to part i modulo `splits`. ValueError for fewer samples than splits and for rows that are
    not probabilities (logits need a softmax first).
    """
    metric = InceptionScore(splits)
    metric.update_state(probabilities)
    return metric.result()


class InceptionScore:
    """`inception_score` of probabilities that come in batches; it keeps two sums a split."""

    def __init__(self, splits=10):
        if splits < 1:
            raise ValueError(f"splits={splits}: expected at least 1.")
        self.splits = splits
        self.reset_state()

    def update_state(self, probabilities):
        probabilities = _check_probabilities(probabilities)
        if self.sums is None:
            self.sums = np.zeros((self.splits, probabilities.shape[1]))
        if self.sums.shape[1] != probabilities.shape[1]:
            raise ValueError(f"{probabilities.shape[1]} classes came, {self.sums.shape[1]} before; expected as many.")
        split = np.arange(self.count, self.count + len(probabilities)) % self.splits
        np.add.at(self.sums, split, probabilities)
        np.add.at(self.negative_entropies, split, xlogy(probabilities, probabilities).sum(axis=1))
        self.count += len(probabilities)

    def result(self):
        if self.count < self.splits:
            raise ValueError(
                f"{self.count} samples for {self.splits} splits: expected one each at least; "
                "add samples or take fewer splits."
            )
        counts = (np.arange(self.splits) < self.count % self.splits) + self.count // self.splits
        marginals = self.sums / counts[:, None]
        # E_x KL(p(y|x) || p(y)) = E_x sum p log p - sum of marginal log marginal
        information = self.negative_entropies / counts - xlogy(marginals, marginals).sum(axis=1)
        scores = np.exp(information)
        return InceptionResult(float(scores.mean()), float(scores.std()))

    def reset_state(self):
        self.count, self.sums, self.negative_entropies = 0, None, np.zeros(self.splits)


def _check_probabilities(probabilities):
    probabilities = check_features(probabilities, "probabilities")
    totals = probabilities.sum(axis=1)
    if probabilities.min() < 0 or np.abs(totals - 1).max() > 1e-3:
        raise ValueError(
            f"The rows are not probabilities: the least value is {probabilities.min():.3g}, rows sum "
            f"to {totals.min():.3g} to {totals.max():.3g}; expected sums of 1. Put a softmax on logits."
        )
    return probabilities / totals[:, None]
