"""What version 0.1 wrote is read under the names of today."""

import json

from wgan_keras.callbacks.history import read_history
from wgan_keras.callbacks.scores_file import read_scores
from wgan_keras.files.former_names import presently_named


def test_fields_at_any_depth_and_no_values():
    then = {"data": [{"licence": "licence"}], "neighbour_distance": {"mean": 1}}
    assert presently_named(then) == {"data": [{"license": "licence"}], "neighbor_distance": {"mean": 1}}


def test_scores_and_history_of_a_run(tmp_path):
    entry = {"epoch": 1, "iteration": 5, "neighbour_distance": 2.0, "memorisation_z": -1.0}
    scores = {"protocol": "memorisation_pixels_300", "history": [entry]}
    (tmp_path / "scores.json").write_text(json.dumps(scores))
    kept = read_scores(tmp_path / "scores.json")
    assert kept["protocol"] == "memorization_pixels_300"
    assert kept["history"] == [{"epoch": 1, "iteration": 5, "neighbor_distance": 2.0, "memorization_z": -1.0}]
    (tmp_path / "history.csv").write_text("epoch,iteration,val_memorisation_z\n1,5,-1.5\n")
    assert read_history(tmp_path / "history.csv") == [{"epoch": 1, "iteration": 5, "val_memorization_z": -1.5}]
