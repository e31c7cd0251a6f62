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


def inception_score(probabilities, splits=10, seed=0):
    """exp(E_x KL(p(y|x) || p(y))) of class probabilities (n, classes), as an `InceptionResult` over `splits`
    parts.

    Args:
        probabilities: (n, classes), each row with the sum 1.
        splits: how many parts, each with a score of its own.
        seed: of the random part that a sample belongs to, so that ordered samples, as one of each class in turn, do
            not make parts of one class. None for samples that come in random order, as a generator's: sample i then
            belongs to part i modulo `splits`.

    Raises:
        ValueError: fewer samples than splits, or rows that are not probabilities (logits need a softmax first).
    """
    metric = InceptionScore(splits, seed)
    metric.update_state(probabilities)
    return metric.result()


class InceptionScore:
    """`inception_score` of probabilities that come in batches; it keeps two sums a split."""

    def __init__(self, splits=10, seed=0):
        if splits < 1:
            raise ValueError(f"splits={splits}: expected at least 1.")
        self.splits = splits
        self.seed = seed
        self.reset_state()

    def update_state(self, probabilities):
        probabilities = _check_probabilities(probabilities)
        if self.sums is None:
            self.sums = np.zeros((self.splits, probabilities.shape[1]))
        if self.sums.shape[1] != probabilities.shape[1]:
            raise ValueError(f"{probabilities.shape[1]} classes came, {self.sums.shape[1]} before; expected as many.")
        split = self._deal(len(probabilities))
        np.add.at(self.counts, split, 1)
        np.add.at(self.sums, split, probabilities)
        np.add.at(self.negative_entropies, split, xlogy(probabilities, probabilities).sum(axis=1))

    def result(self):
        count = self.counts.sum()
        if count < self.splits:
            raise ValueError(
                f"{count} samples for {self.splits} splits: expected one each at least; "
                "add samples or take fewer splits."
            )
        marginals = self.sums / self.counts[:, None]
        # E_x KL(p(y|x) || p(y)) = E_x sum p log p - sum of marginal log marginal
        information = self.negative_entropies / self.counts - xlogy(marginals, marginals).sum(axis=1)
        scores = np.exp(information)
        return InceptionResult(float(scores.mean()), float(scores.std()))

    def _deal(self, n):
        """The parts of the next n samples: in rounds, one sample of a round to each part."""
        rounds = max(0, -(-(n - len(self.undealt)) // self.splits))
        parts = np.tile(np.arange(self.splits), (rounds, 1))
        if self.random is not None:
            parts = self.random.permuted(parts, axis=1)
        dealt = np.concatenate([self.undealt, parts.ravel()])
        self.undealt = dealt[n:]
        return dealt[:n]

    def reset_state(self):
        self.sums, self.negative_entropies = None, np.zeros(self.splits)
        self.counts, self.undealt = np.zeros(self.splits, int), np.zeros(0, int)
        self.random = None if self.seed is None else np.random.default_rng(self.seed)


def _check_probabilities(probabilities):
    probabilities = check_features(probabilities, "probabilities")
    totals = probabilities.sum(axis=1)
    if probabilities.min() < 0 or np.abs(totals - 1).max() > 1e-3:
        raise ValueError(
            f"The rows are not probabilities: the least value is {probabilities.min():.3g}, rows sum "
            f"to {totals.min():.3g} to {totals.max():.3g}; expected sums of 1. Put a softmax on logits."
        )
    return probabilities / totals[:, None]
