"""The small-folder table: which pictures it takes, what it trains, what it tells."""

import json

import numpy as np
import pytest

from benchmarks.papers import small_folder as benchmark
from wgan_keras import data
from wgan_keras.data.emoji import Emoji


def test_the_pictures_are_some_of_the_training_ones_and_all_held_out_ones(monkeypatch):
    """Each picture has one color, its number."""
    numbers = {"train": np.arange(40, dtype="uint8"), "test": np.arange(40, 50, dtype="uint8")}
    splits = {name: each[:, None, None, None] for name, each in numbers.items()}
    monkeypatch.setattr(Emoji, "read_splits", lambda *args: (dict(splits), None))
    monkeypatch.setattr(benchmark, "COUNT", 12)
    found, _ = benchmark.FewEmoji().read_splits(None, data.SPLITS)
    again, _ = benchmark.FewEmoji().read_splits(None, ["train"])
    chosen = found["train"].ravel().tolist()
    assert len(set(chosen)) == 12 and set(chosen) < set(range(40)) and chosen != list(range(12))
    np.testing.assert_array_equal(found["train"], again["train"])
    np.testing.assert_array_equal(found["test"], splits["test"])
    labeled = {"train": (splits["train"], numbers["train"])}
    monkeypatch.setattr(Emoji, "read_splits", lambda *args: (dict(labeled), None))
    pictures, labels = benchmark.FewEmoji().read_splits(None, ["train"], labels=True)[0]["train"]
    np.testing.assert_array_equal(pictures.ravel(), labels)


def test_trainings_differ_in_the_view_alone():
    plain = benchmark.recipe(benchmark.NONE, 1, benchmark.REDUCED)
    for name, policy in benchmark.POLICIES.items():
        recipe = benchmark.recipe(name, 1, benchmark.REDUCED)
        views = recipe.game.pop("views", None)
        assert views == (policy and [{"name": "diff_augment", "policy": policy}])
        assert recipe == plain


@pytest.mark.long
@pytest.mark.needs_emoji
def test_a_training_tells_scores_and_estimates(tmp_path, eagerly, monkeypatch):
    """On some of the pictures, which are decoded once."""
    read, kept = Emoji.read_splits, []

    def few(self, location, splits, *form):
        if not kept:
            kept.extend(read(self, location, data.SPLITS, *form))
        pictures, report = kept
        return {name: pictures[name][:40] for name in splits}, report

    monkeypatch.setattr(Emoji, "read_splits", few)
    settings = benchmark.Settings("w1_pixels_20", 1, every=1, width=2, batch_size=4, dtype_policy="float32")
    found = benchmark.train("flip", 0, settings, tmp_path)
    assert found["best"] == found["end"] > 0 and found["trained"] != found["held_out"]
    scores = json.loads((tmp_path / "w1_pixels_20_1/flip_0/scores.json").read_text())
    assert scores["last"]["wasserstein_1"] == pytest.approx(found["end"], abs=1e-4) and scores["last"]["iteration"] == 1


@pytest.mark.parametrize(
    ("take", "told"), [([], "Nothing is kept in"), (["--take", "x.json"], "x.json holds no train")]
)
def test_without_a_kept_training_there_is_no_table(tmp_path, monkeypatch, take, told):
    monkeypatch.setattr(benchmark, "RESULT", tmp_path / "result.json")
    monkeypatch.setattr(benchmark.pages, "put", None)
    monkeypatch.setattr("sys.argv", ["small_folder", "--table", *take])
    with pytest.raises(SystemExit, match=told):
        benchmark.main()
    assert list(tmp_path.iterdir()) == []


def test_the_table_tells_what_is_better():
    def seeds(*ends):
        rows = [{"end": end, "best": end - 1, "trained": 2.0, "held_out": 1.5} for end in ends]
        return dict(zip("012", rows, strict=False))

    trainings = {
        "cutout": seeds(3.0, 3.1, 3.2),
        "none": seeds(4.0, 4.1, 4.2),
        "color": seeds(5.0),
        "flip": seeds(6, 7, 8),
    }
    kept = {"settings": benchmark.REDUCED._asdict(), "command": "c", "date": "d", "trainings": trainings}
    lines = benchmark.markdown(kept).splitlines()[2:]
    assert lines[0] == "| none | 3 | 4.10 ± 0.06 | 3.10 ± 0.06 |  | 2.00 ± 0.00 | 1.50 ± 0.00 | 25 ± 0 |"
    assert "| flip | 3 | 7.00 ± 0.58 | 6.00 ± 0.58 | +2.9 ± 0.58, worse |" in lines[1]
    assert "| -1 ± 0.082, better |" in lines[2]
    assert "| color | 1 | 5.00 | 4.00 | +0.9, undecided |" in lines[3]
