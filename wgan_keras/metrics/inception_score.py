"""The inception score: confident predictions, of many classes.

Source: Salimans et al. 2016, "Improved Techniques for Training GANs", section 4. It never looks at real
images, so a generator of one perfect image a class reaches the maximum: read it beside the other scores.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from wgan_keras.metrics.checks import check_features
from wgan_keras.metrics.metric import Metric, Score, register_metric


class InceptionResult(NamedTuple):
    """`mean` over the splits, between 1 and the number of classes, and `std` from one split to another."""

    mean: float
    std: float


def inception_score(probabilities: ArrayLike, splits: int = 10, seed: int | None = 0) -> InceptionResult:
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
    probabilities = _check_probabilities(probabilities)
    count = len(probabilities)
    if splits < 1 or count < splits:
        raise ValueError(
            f"{count} samples for {splits} splits: expected at least one split and one sample each; add samples or "
            "take fewer splits."
        )
    part = _deal(count, splits, seed)
    scores = [np.exp(_information(probabilities[part == each])) for each in range(splits)]
    return InceptionResult(float(np.mean(scores)), float(np.std(scores)))


def _deal(count, splits, seed):
    """The part (count,) of each sample: in rounds, one sample of a round to each part."""
    rounds = np.tile(np.arange(splits), (-(-count // splits), 1))
    if seed is not None:
        rounds = np.random.default_rng(seed).permuted(rounds, axis=1)
    return rounds.ravel()[:count]


def _information(probabilities):
    """E_x KL(p(y|x) || p(y)) = E_x sum p log p - sum of marginal log marginal."""
    marginal = probabilities.mean(axis=0)
    return xlogy(probabilities, probabilities).sum(axis=1).mean() - xlogy(marginal, marginal).sum()


def _check_probabilities(probabilities):
    probabilities = check_features(probabilities, "probabilities")
    totals = probabilities.sum(axis=1)
    if probabilities.min() < 0 or np.abs(totals - 1).max() > 1e-3:
        raise ValueError(
            f"The rows are not probabilities: the least value is {probabilities.min():.3g}, rows sum "
            f"to {totals.min():.3g} to {totals.max():.3g}; expected sums of 1. Put a softmax on logits."
        )
    return probabilities / totals[:, None]


@register_metric("is")
class InceptionScore(Metric):
    """Inception score: is each sample clearly of one class, and are all classes as common? Higher is better."""

    scores = {"inception_score": Score(better="higher"), "inception_score_std": Score(better=None)}
    in_all = True
    needs_reference = False
    needs_probabilities = True

    def compute(self, evaluation, extracted):
        if extracted.probabilities is None:
            raise ValueError(
                f"The extractor {evaluation.extractor.name!r} gives no class probabilities, of which the "
                "inception score is made; choose another metric or extractor."
            )
        # Latents come in random order, and so do samples of files (`scoring.evaluate_samples`): the parts are as they
        # are, so that scores of all versions are comparable.
        score = inception_score(extracted.probabilities, seed=None)
        return {"inception_score": score.mean, "inception_score_std": score.std}
