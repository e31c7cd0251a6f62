"""What the scores of a search say: the best to expect of fewer trials, and which hyperparameters matter."""

import numpy as np
from scipy.stats import rankdata
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import RepeatedKFold

ENOUGH = 10  # trials below which a regression on them says nothing
_FOLDS, _REPEATS = 5, 4
_CENTRAL = (0.16, 0.84)  # of the bootstrap, two thirds of it


def expected_best(scores, direction="min"):
    """(mean, band) of the best of k of the scores, drawn with replacement, for k = 1 to all.

    The bootstrap of Lucic et al., 2018, figure 2, without its noise: with n scores in order, best last, the best of k
    is at most the i-th with probability (i / n)^k.

    Args:
        scores: (n,) finite.
        direction: "min" or "max", which is best.

    Returns the means (n,) and the 16 % and 84 % quantiles (2, n).
    """
    scores = np.asarray(scores, "float64")
    if scores.ndim != 1 or not len(scores) or not np.isfinite(scores).all():
        raise ValueError(f"scores are {scores!r}; expected one or more finite numbers.")
    sign = 1 if direction == "max" else -1
    ordered = sign * np.sort(sign * scores)
    k = np.arange(1, len(scores) + 1)
    at_most = (np.arange(len(scores) + 1) / len(scores)) ** k[:, None]
    share = np.diff(at_most, axis=1)  # (k, i): how likely the i-th is the best of k
    band = [ordered[np.argmax(at_most[:, 1:] >= quantile, axis=1)] for quantile in _CENTRAL]
    return share @ ordered, np.sort(band, axis=0)


def importance(positions, scores, seed=0):
    """The share of the variance of trials' ranks by score that goes with each hyperparameter, by a random forest.

    Permutation importance (Breiman, 2001): half the rise of the squared error when one hyperparameter of a trial is
    another trial's, over the variance, on trials that the forest was not fitted to (5 folds, 4 times). With a perfect
    forest and independent hyperparameters that is Sobol's total index, in [0, 1]. Ranks, because the scores of failures
    are arbitrary. About 0: no influence found.

    Args:
        positions: (trials, hyperparameters) numbers, log-uniform ones as logarithms.
        scores: (trials,).

    Returns (mean, std over folds), two arrays (hyperparameters,).

    Raises:
        ValueError: fewer than 10 trials, or one score for all.
    """
    positions = np.asarray(positions, "float64")
    if len(positions) < ENOUGH:
        raise ValueError(f"{len(positions)} trials are too few for importances; expected {ENOUGH} or more.")
    if np.ptp(scores) == 0:
        raise ValueError(f"All {len(positions)} trials have the score {scores[0]:.4g}: nothing tells them apart.")
    ranks = rankdata(scores) / len(scores)  # failures share one score, and so one rank
    found = []
    folds = RepeatedKFold(n_splits=_FOLDS, n_repeats=_REPEATS, random_state=seed)
    for fitted, held_out in folds.split(positions):
        forest = RandomForestRegressor(50, random_state=seed).fit(positions[fitted], ranks[fitted])
        error = np.mean((forest.predict(positions[held_out]) - ranks[held_out]) ** 2)
        columns = range(positions.shape[1])
        rises = [_error_swapped(forest, positions, ranks, held_out, column) - error for column in columns]
        found.append(np.array(rises) / (2 * ranks.var(ddof=1)))
    return np.mean(found, axis=0), np.std(found, axis=0)


def _error_swapped(forest, positions, ranks, held_out, column):
    """The squared error on the trials `held_out` with their `column` that of every other trial in turn.

    scikit-learn's shuffles stay within the few held-out trials, where many keep their own value: for ten trials in five
    folds that halves the importance.
    """
    own, other = np.nonzero(held_out[:, None] != np.arange(len(positions)))
    swapped = positions[held_out[own]]
    swapped[:, column] = positions[other, column]
    return np.mean((forest.predict(swapped) - ranks[held_out[own]]) ** 2)
