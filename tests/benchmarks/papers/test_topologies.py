"""The three sequences by hand, and what would refute the inequalities."""

import numpy as np
import pytest

from benchmarks.papers import topologies

LOG2 = np.log(2)


def test_the_sequences_by_hand():
    assert topologies.distances(*topologies.shift(4)) == {
        "EM": 0.25,
        "TV": 1,
        "JS": pytest.approx(LOG2),
        "KL(P_n || P)": np.inf,
        "KL(P || P_n)": np.inf,
    }
    leaked = topologies.distances(*topologies.leak(2))  # a quarter of the mass moves from 1/2 to -1
    assert leaked["TV"] == pytest.approx(1 / 4)
    assert leaked["EM"] == pytest.approx(3 / 8)
    assert leaked["KL(P_n || P)"] == leaked["KL(P || P_n)"] == np.inf
    gridded = topologies.distances(*topologies.grid(2, 8))  # from 1/4 to 1/16, 3/16, 5/16, 7/16 and so on
    assert gridded["EM"] == pytest.approx(1 / 8) and gridded["TV"] == 1


def test_the_inequalities_are_met_with_equality_where_they_are_sharp():
    apart = [(np.array([0.0, 1.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))]
    found = topologies.violations(apart)
    assert found["JS <= log 2 TV"] == pytest.approx(0)
    assert found["EM <= diameter TV"] == pytest.approx(0)
    assert found["TV <= sqrt(KL / 2)"] == -np.inf
    near = [(np.array([0.0, 1.0]), np.array([0.5, 0.5]), np.array([0.51, 0.49]))]
    assert -1e-6 < topologies.violations(near)["TV <= sqrt(KL / 2)"] < 0


def test_some_random_pairs_have_an_infinite_kl_in_one_direction():
    kls = [topologies.distances(*pair)["KL(P || P_n)"] for pair in topologies.random_pairs(50)]
    assert 0 < np.isinf(kls).sum() < 50


def test_a_wave_is_moved_by_a_shift():
    # From 1 to 0 cos(k pi x) / (k pi) falls by 2 / (k pi) for odd k and by nothing for even k.
    assert topologies.largest_wave(*topologies.shift(1)) == pytest.approx(2 / np.pi)
