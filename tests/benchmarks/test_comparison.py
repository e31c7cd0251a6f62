"""The comparison of labels scores what is over, and keeps what it scored before."""

import json
import types

import pytest

from benchmarks.labels import comparison


@pytest.fixture
def scored(tmp_path, monkeypatch):
    """scored(runs that are over, *arguments): the ways of the record after that."""

    def run(over, *arguments):
        monkeypatch.setattr(comparison.trainings, "is_over", lambda folder: folder.name in over)
        monkeypatch.setattr(comparison, "load_model", lambda path: path.parent.name)
        monkeypatch.setattr(comparison, "score", lambda model, _: {"fid": len(model)})
        evaluation = types.SimpleNamespace(floor={"fid": 0})
        monkeypatch.setattr(comparison.scoring, "reference", lambda *_: evaluation)
        monkeypatch.setattr("sys.argv", ["comparison", *arguments, "--out", str(tmp_path / "kept.json")])
        comparison.main()
        return json.loads((tmp_path / "kept.json").read_text())["ways"]

    return run


def test_ways_that_are_not_scored_anew_stay(scored):
    first = scored({"wgan_gp_16_0", "gan_16_0", "gan_16_2"})
    assert {way: list(each["seeds"]) for way, each in first.items()} == {"wgan_gp": ["0"], "gan": ["0", "2"]}
    ways = scored({"wgan_gp_16_0", "gan_16_0"}, "--ways", "gan")
    assert list(ways["gan"]["seeds"]) == ["0"] and ways["wgan_gp"].pop("measured")
    assert ways["wgan_gp"] == first["wgan_gp"]


def test_without_a_run_that_is_over_nothing_is_replaced(scored, tmp_path):
    with pytest.raises(SystemExit, match=r"No run of gan is over in runs/labels; first: python -m .* --train"):
        scored({"wgan_gp_16_0"}, "--ways", "gan")
    assert not (tmp_path / "kept.json").exists()


def test_another_width_does_not_stand_beside_the_kept_one(scored):
    scored({"gan_16_0"})
    with pytest.raises(SystemExit, match=r"is of {'width': 16}"):
        scored({"gan_8_0"}, "--width", "8")
