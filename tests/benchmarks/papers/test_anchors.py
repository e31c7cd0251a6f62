"""Our numbers beside the published ones are those of the results."""

import pytest

from benchmarks.papers import anchors


def test_modes_in_words():
    scores = [{"modes": 6, "high_quality": 0.5}, {"modes": 8, "high_quality": 0.7}]
    # The standard error of 6 and 8 is sqrt(2) / sqrt(2).
    assert anchors.modes("a", scores, 8) == "GAN 7.0 ± 1.0 of 8, 60.0% high-quality (a, 2 seeds)"


def test_the_order_is_from_the_best():
    assert anchors._order({"b": 2.0, "a": 3.0, "c": 1.0}) == "c, b, a"


def test_the_studys_scores_are_those_of_its_page():
    page = (anchors.ROOT / "benchmarks/study/results/README.md").read_text()
    for name, score in anchors.study().items():
        assert f"{score:.3g}" in page, name
    assert anchors.study()["GAN"] == pytest.approx(4.83, abs=0.005)
