"""What hours buy: which score of a history stands under how many hours."""

import numpy as np
import pytest

from benchmarks.study import evening
from wgan_keras import presets

HISTORY = [{"iteration": i, "val_fid": fid} for i, fid in ((1_000, 9.0), (2_000, 5.0), (3_000, 6.0))]


@pytest.mark.parametrize(("count", "score"), [(999.9, None), (1_000, 9.0), (2_500, 5.0), (3_000, 5.0), (3_000.1, None)])
def test_the_best_score_within_the_iterations_counts_until_the_training_is_over(count, score):
    assert evening.reached(HISTORY, count) == score


def test_a_row_has_the_hours_of_the_whole_training():
    recipe = presets.open_recipe("wgan_gp_fashion_mnist")  # 20,000 iterations
    row = evening.row(recipe, HISTORY, np.array([0.9, 0.45, 1.8]))
    assert (row["hours"], row["iterations"], row["best"]) == (5.0, 20_000, 5.0)
    assert row["scores"] == {"0.25": 9.0, "0.5": 5.0}  # 1,000 and 2,000 iterations
    record = {"date": "2026-01-02", "machine": {"processor": "it", "cores": 2}, "command": "python -m it"}
    table = evening.markdown({**record, "presets": {"one": row}})
    assert table.splitlines()[-1] == "| one | 0.900 | 9.00 | 5.00 |  |  | 5.00 in 5.0 h |"


def test_only_trainings_on_garments_are_timed():
    recipes = evening.of_the_data()
    assert {recipe.data["name"] for recipe in recipes.values()} == {"fashion_mnist"}
    assert {recipe.game["name"] for recipe in recipes.values()} >= {"gan", "wgan", "wgan_gp"}
