"""The three ways of taking turns by hand, and the whole benchmark at toy size."""

import numpy as np
import pytest

from benchmarks.papers import nash


def test_one_step_of_each_by_hand():
    assert nash.simultaneous(1.0, 2.0, 0.5) == (0.0, 2.5)
    assert nash.alternating(1.0, 2.0, 0.5) == (0.0, 2.0)
    assert nash.extragradient(1.0, 2.0, 0.5) == (-0.25, 2.0)


def test_a_path_starts_at_the_start_and_has_all_steps():
    path = nash.play(nash.simultaneous, nash.Settings(0.1, 3))
    assert path.shape == (4, 2) and tuple(path[0]) == nash.START
    assert nash.radius(path)[-1] == pytest.approx(np.sqrt(2) * 1.01**1.5)


def test_every_claim_holds_for_another_learning_rate(without_xla):
    result = nash.run(nash.Settings(learning_rate=0.3, steps=20))
    assert [claim.claim for claim in result.claims if claim.verdict != "held"] == []
