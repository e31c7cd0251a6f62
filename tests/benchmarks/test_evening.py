"""What hours buy: which score of a history stands under how many hours."""

import numpy as np
import pytest

from benchmarks.study import evening, widths

HISTORY = [{"iteration": i, "val_fid": fid} for i, fid in ((1_000, 9.0), (2_000, 5.0), (3_000, 6.0))]


@pytest.mark.parametrize(("count", "score"), [(999.9, None), (1_000, 9.0), (2_500, 5.0), (3_000, 5.0), (3_000.1, None)])
def test_the_best_score_within_the_iterations_counts_until_the_training_is_over(count, score):
    assert evening.reached(HISTORY, count) == score


def test_a_row_has_the_hours_of_the_whole_training():
    row = evening.row(HISTORY, np.array([0.9, 0.45, 1.8]))
    assert (row["hours"], row["iterations"], row["best"]) == (0.75, 3_000, 5.0)
    assert row["scores"] == {"0.25": 9.0, "0.5": 5.0}  # 1,000 and 2,000 iterations
    record = {"date": "2026-01-02", "machine": {"processor": "it", "cores": 2}, "command": "python -m it"}
    table = evening.markdown({**record, "trainings": {"one": row}})
    assert table.splitlines()[-1] == "| one | 0.900 | 9.00 | 5.00 |  |  | 5.00 in 0.8 h |"


def test_only_trainings_on_garments_are_timed_and_three_games_have_three_widths():
    trainings = evening.trainings()
    assert {each.recipe.data["name"] for each in trainings.values()} == {"fashion_mnist"}
    rows = {name: {"seconds_an_iteration": {"median": 1.8}} for name in trainings}
    games = widths.by_game(trainings, rows, evening.SCORE)
    assert [(game, list(found)) for game, found in sorted(games.items())] == [
        (game, [16, 32, 64]) for game in ("gan", "wgan", "wgan_gp")
    ]
    history = trainings["gan_width_64"].history
    assert games["gan"][64] == [(0.0005 * row["iteration"], row["val_fid"]) for row in history]  # 1.8 s are 0.0005 h
    assert len(widths.figure(games, "fid").axes) == 3
