"""Means over seeds and how far the seeds are from them, as numbers and in words."""

import pytest

from benchmarks.spread import spread, spreads
from wgan_keras.presets import table


def test_a_deviation_has_one_degree_of_freedom_less_than_seeds_and_one_seed_has_none():
    assert spread([1, 3]) == {"mean": 2, "std": pytest.approx(2**0.5)}
    assert spread([3]) == {"mean": 3, "std": None}
    assert spreads([{"fid": 1, "kid": 4}, {"fid": 3, "kid": 4}]) == {
        "fid": {"mean": 2, "std": pytest.approx(2**0.5)},
        "kid": {"mean": 4, "std": 0},
    }


def test_in_words_a_deviation_stands_behind_its_mean():
    assert table.spread(2.3189, 0.0312) == "2.319 ± 0.03"
    assert table.spread(12.345, 0.5, ".1f", ".2f") == "12.3 ± 0.50"
    assert table.spread(8.0, None, "+.3g") == "+8"
