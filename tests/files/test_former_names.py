"""What version 0.1 wrote is read under the names of today."""

import json

import pytest

from wgan_keras.callbacks.history import read_history
from wgan_keras.callbacks.scores_file import read_scores
from wgan_keras.files.former_names import present, presently_named, presently_scored


def test_fields_at_any_depth_and_no_values():
    then = {"data": [{"licence": "licence"}], "neighbour_distance": {"mean": 1}}
    assert presently_named(then) == {"data": [{"license": "licence"}], "neighbor_distance": {"mean": 1}}


def test_names_of_the_users_own_stay():
    own = ["neighbour_gap", "val_neighbour_loss", "licences", "memorisation", "memorisation_gap_pixels_300"]
    assert [present(name) for name in own] == own


def test_a_protocol_of_a_report_and_none_of_the_users_own():
    of_all = {"name": "all_pixels_10k", "metrics": ["fid", "memorisation"], "extractor": "pixels", "count": 10000}
    assert presently_scored(of_all) == {**of_all, "metrics": ["fid", "memorization"]}
    alone = {**of_all, "name": "memorisation_pixels_10k", "metrics": ["memorisation"]}
    assert presently_scored(alone) == {**alone, "name": "memorization_pixels_10k", "metrics": ["memorization"]}
    for other in ({**alone, "name": "memorisation_own_10k", "extractor": "own"}, {"metrics": 5}, None):
        assert presently_scored(other) == other


def test_scores_and_history_of_a_run(tmp_path):
    entry = {"epoch": 1, "iteration": 5, "neighbour_distance": 2.0, "memorisation_z": -1.0}
    scores = {"protocol": "memorisation_pixels_300", "history": [entry]}
    (tmp_path / "scores.json").write_text(json.dumps(scores))
    kept = read_scores(tmp_path / "scores.json")
    assert kept["protocol"] == "memorization_pixels_300"
    assert kept["history"] == [{"epoch": 1, "iteration": 5, "neighbor_distance": 2.0, "memorization_z": -1.0}]
    (tmp_path / "history.csv").write_text("epoch,iteration,val_memorisation_z,neighbour_loss\n1,5,-1.5,2\n")
    assert read_history(tmp_path / "history.csv") == [
        {"epoch": 1, "iteration": 5, "val_memorization_z": -1.5, "neighbour_loss": 2.0}
    ]
    (tmp_path / "history.csv").write_text("epoch,iteration\n1,5,-1.5\n")
    with pytest.raises(ValueError, match="damaged in row 1: it has another number of cells than the heading"):
        read_history(tmp_path / "history.csv")
