"""The collapse table: what is counted, what is kept, what an ordering is decided by."""

import numpy as np
import pytest

from benchmarks.papers.collapse import points, record, table
from benchmarks.papers.collapse.techniques import TECHNIQUES
from wgan_keras.data import toys

TINY = points.Settings(8, 4, 1e-3, 2)


def test_modes_are_counted_by_both_rules():
    """Of 1,000 samples 1% of the expected 125 is two at a mode; one sample is enough for the papers."""
    centers, std = toys.modes("eight_gaussians")
    samples = np.concatenate([np.repeat(centers[:1], 997, 0), centers[1:2], np.repeat(centers[2:3], 2, 0)])
    scores = points.score(samples, centers, std)
    assert (scores["modes_by_one"], scores["modes_by_share"], scores["high_quality"]) == (3, 2, 1)
    shares = np.array([997, 1, 2]) / 1000
    assert scores["reverse_kl"] == pytest.approx(np.sum(shares * np.log(8 * shares)), abs=1e-4)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_every_technique_is_a_game_on_points(technique):
    game = TECHNIQUES[technique](TINY, 0)
    assert game.sample(3, seed=0).shape == (3, 2)
    assert game.generator.count_params() < 1_000


def test_a_training_gives_the_scores_that_the_table_shows(monkeypatch):
    monkeypatch.setattr(points, "AT_ONCE", 2)
    monkeypatch.setattr(points, "EXECUTION", 2)
    scores = points.run("ring", "packing, 2", 0, TINY)
    rows = table.summary({"techniques": {"packing, 2": {"0": scores, "1": scores}}})
    assert rows["packing, 2"]["modes_by_one"] == (scores["modes_by_one"], 0) and rows["packing, 2"]["seeds"] == 2


def test_a_training_is_kept_and_not_made_again(tmp_path):
    kept = record.Record("ring", TINY, tmp_path)
    assert not kept.has("GAN", 0)
    kept.keep("GAN", 0, {"modes_by_one": 3}, 1.0)
    assert record.Record("ring", TINY, tmp_path).has("GAN", 0)
    with pytest.raises(SystemExit, match="remove it, or run that set-up"):
        record.Record("ring", TINY._replace(iterations=4), tmp_path)


def test_an_ordering_is_decided_by_the_errors_of_the_means():
    assert table.verdict((4, 0.3), (5, 0.4)) == ("+1.0 ± 0.5", "held")
    assert table.verdict((5, 0.3), (4, 0.4)) == ("-1.0 ± 0.5", "not held")
    assert table.verdict((4, 0.6), (5, 0.8))[1] == "undecided"
    assert table.verdict((4, float("nan")), (8, float("nan")))[1] == "undecided"
