"""The exercises against SciPy, and the verdicts, which are mathematics and not chance."""

import numpy as np
import pytest
from scipy.stats import entropy, wasserstein_distance

from benchmarks.papers import distances


@pytest.mark.parametrize(("question", "pair"), [answer[:2] for answer in distances.ANSWERS])
def test_the_exercises_agree_with_scipy(question, pair):
    p, q = (distances.EXERCISES[question][letter] for letter in pair)
    places = np.arange(len(p))
    kl, emd = distances.exercise(question, pair)
    assert emd == pytest.approx(wasserstein_distance(places, places, p, q))
    assert kl == pytest.approx(entropy(p, q))


def test_the_claims_that_do_not_hold_are_the_two_that_cannot():
    result = distances.run(distances.Settings(thetas=41, points=4, grid=2_001))
    definition, figure = (claim.claim for claim in result.claims if claim.verdict == "not held")
    assert "the definition that section 2 prints" in definition
    assert "two Gaussians of the figure is asymmetric" in figure


def test_the_plan_moves_each_pile_into_the_other():
    work, plan = distances.move_piles()
    assert work == pytest.approx(5)
    np.testing.assert_allclose(plan.sum(axis=1), distances.PILES[0])
    np.testing.assert_allclose(plan.sum(axis=0), distances.PILES[1])
