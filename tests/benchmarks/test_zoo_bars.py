"""The bars of the main presets: what passes, what misses, and that the README and the kept numbers are of this zoo."""

import json

import pytest

from benchmarks import readme, tutorial_quality, zoo_bars

HISTORY = [{"iteration": 500, "val_fid": 50.0}, {"iteration": 1000, "val_fid": 10.0}]


def scores(**numbers):
    return {zoo_bars.PROTOCOL: {name: {"mean": mean, "std": 0.1} for name, mean in numbers.items()}}


def passes(fid, shares, recall, tutorial):
    metadata = {
        "scores": {
            "best": {"iteration": 2000, "protocols": scores(fid=fid, recall=recall)},
            "class_shares": shares,
            "real_against_real": scores(fid=0.1),
        }
    }
    other = {"best": {"protocols": scores(fid=tutorial)}}
    return list(zoo_bars.images_row("wgan_gp_fashion_mnist", metadata, HISTORY, other)["passes"].values())


def test_images_at_the_bars_pass_and_beyond_any_of_them_miss_that_one():
    at = {"fid": 3.0, "shares": [0.05, 0.16] + 8 * [0.1], "recall": 0.51, "tutorial": 4.0}
    assert passes(**at) == [True, True, True, True]
    assert passes(**at | {"tutorial": 3.99}) == [False, True, True, True]
    assert passes(**at | {"fid": 3.51, "tutorial": 9.0}) == [True, False, True, True]
    assert passes(**at | {"shares": [0.049] + 9 * [0.1]}) == [True, True, False, True]
    assert passes(**at | {"shares": [0.161] + 9 * [0.1]}) == [True, True, False, True]
    assert passes(**at | {"recall": 0.5}) == [True, True, True, False]


@pytest.mark.parametrize(("covered", "quality", "expected"), [(25, 0.9, [True, True]), (24.7, 0.89, [False, False])])
def test_a_mixture_needs_all_modes_by_every_seed_and_nine_samples_in_ten(covered, quality, expected):
    numbers = {"modes_covered": covered, "modes": 25, "high_quality": quality}
    protocols = {"modes": {name: {"mean": mean, "std": 0} for name, mean in numbers.items()}}
    row = zoo_bars.toys_row("wgan_gp_eight_gaussians", {"scores": {"best": {"iteration": 1, "protocols": protocols}}})
    assert list(row["passes"].values()) == expected


def test_the_kept_rows_and_the_readmes_table_are_those_of_the_zoo():
    found = list(zoo_bars.rows(json.loads(tutorial_quality.RESULT.read_text())))
    assert json.loads(zoo_bars.RESULT.read_text())["rows"] == json.loads(json.dumps(found))
    text = readme.README.read_text()
    assert readme.between_markers(text, "bars", zoo_bars.table(found)) == text


def test_the_wgan_gp_presets_reach_their_bars():
    rows = json.loads(zoo_bars.RESULT.read_text())["rows"]
    held = {row["preset"]: all(row["passes"].values()) for row in rows if row["held_to_the_bars"]}
    assert held == dict.fromkeys(zoo_bars.HELD, True)
