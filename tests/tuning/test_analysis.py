"""What the scores of a search say."""

import numpy as np
import pytest

from wgan_keras.tuning import analysis
from wgan_keras.tuning.analysis import expected_best, importance

RNG = np.random.default_rng(0)


def test_the_expected_best_of_two():
    # Of 1 and 3, twice with replacement: 1, 1, 1, 3 are the four minima.
    mean, band = expected_best([3.0, 1.0])
    assert mean == pytest.approx([2.0, 1.5])
    assert band.tolist() == [[1.0, 1.0], [3.0, 3.0]]
    assert expected_best([3.0, 1.0], "max")[0] == pytest.approx([2.0, 2.5])


def test_the_expected_best_is_the_bootstraps():
    scores = RNG.gamma(2, size=30)
    for direction, best in (("min", np.min), ("max", np.max)):
        mean, band = expected_best(scores, direction)
        draws = best(RNG.choice(scores, (20_000, 7)), axis=1)
        assert mean[6] == pytest.approx(draws.mean(), abs=5 * draws.std() / np.sqrt(20_000))
        assert band[:, 6] == pytest.approx(np.quantile(draws, [0.16, 0.84]))
        assert mean[0] == pytest.approx(scores.mean())
        assert (np.diff(mean) * (1 if direction == "max" else -1) > 0).all()
        assert band.min() >= scores.min()
        assert band.max() <= scores.max()


def test_scores_that_are_no_numbers_are_refused():
    for scores in ([], [1.0, np.nan]):
        with pytest.raises(ValueError, match="expected one or more finite numbers"):
            expected_best(scores)


def test_the_hyperparameter_that_matters_is_found():
    positions = RNG.uniform(size=(40, 3))
    scores = np.exp(5 * positions[:, 1]) + 0.1 * RNG.normal(size=40)
    mean, _ = importance(positions, scores)
    assert mean[1] > 0.5
    assert abs(mean[0]) < 0.1
    assert abs(mean[2]) < 0.1
    mean, _ = importance(positions, np.where(positions[:, 1] > 0.5, 7.0, positions[:, 2]))
    assert mean[1] > 0.4
    with pytest.raises(ValueError, match="9 trials are too few"):
        importance(positions[:9], scores[:9])
    with pytest.raises(ValueError, match=r"All 40 trials have the score 7\b"):
        importance(positions, np.full(40, 7.0))


def test_one_hyperparameter_that_decides_all_has_nearly_all_the_importance():
    positions = RNG.uniform(size=(100, 2))
    mean, _ = importance(positions, positions[:, 0])
    assert mean[0] == pytest.approx(1, abs=0.1)
    assert mean[1] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("trials", [10, 25])
def test_with_a_perfect_forest_importance_is_sobols_total_index_for_few_trials_too(monkeypatch, trials):
    class Perfect:
        """The rank is that of the first hyperparameter."""

        def __init__(self, *_, **__):
            pass

        def fit(self, *_):
            return self

        def predict(self, positions):
            return np.searchsorted(np.sort(x[:, 0]), positions[:, 0], side="right") / trials

    monkeypatch.setattr(analysis, "RandomForestRegressor", Perfect)
    x = RNG.uniform(size=(trials, 2))
    assert importance(x, x[:, 0])[0] == pytest.approx([1, 0])
