"""The bars of the main presets: what passes, what misses, and that the page and the kept numbers are of this zoo."""

import json

import pytest

from benchmarks import pages
from tools.zoo import bars as zoo_bars, tutorial_quality


def mean(value):
    return {"mean": value, "std": 0.01}


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({}, None),
        ({"fid": 0.76}, "at most 0.75 of the tutorial way"),
        ({"early": 2.1}, "at most 0.35 of 1,000 iterations"),
        ({"shares": [0.049, *[0.1057] * 9]}, "every class from 5% to 16%"),
        ({"shares": [0.17, *[0.0922] * 9]}, "every class from 5% to 16%"),
        ({"shares": [0.161, *[0.1] * 9]}, "every class from 5% to 16%"),
        ({"shares": [0.05, 0.16, *[0.1] * 8]}, None),
        ({"recall": 0.5}, "recall above 0.5"),
    ],
)
def test_each_bar_is_missed_by_what_misses_it(change, missed):
    case = {"fid": 0.75, "early": 2.5, "shares": [0.1] * 10, "recall": 0.51, **change}
    protocols = {zoo_bars.PROTOCOL: {"fid": mean(case["fid"]), "recall": mean(case["recall"])}}
    metadata = {
        "scores": {
            "best": {"iteration": 9_000, "protocols": protocols},
            "real_against_real": {zoo_bars.PROTOCOL: {"fid": 0.03}},
            "class_shares": case["shares"],
        }
    }
    history = [{"iteration": 1_000, "val_fid": case["early"]}, {"iteration": 2_000, "val_fid": 0.1}]
    tutorial = {"best": {"protocols": {zoo_bars.PROTOCOL: {"fid": mean(1.0)}}}}
    row = zoo_bars.images_row("wgan_gp_fashion_mnist", metadata, history, tutorial)
    assert [bar for bar, passed in row["passes"].items() if not passed] == ([missed] if missed else [])
    assert zoo_bars.table([row]).endswith(f"| {missed or 'nothing'} |")


@pytest.mark.parametrize(
    ("fid", "details", "missed"),
    [
        (1.0, 2.0, []),
        (1.01, 1.0, ["at most half of 2,000 iterations"]),
        (0.5, 2.01, ["at most twice the finest details"]),
    ],
)
def test_the_bars_of_presets_in_color(fid, details, missed):
    protocol = zoo_bars.PROTOCOL_IN_COLOR
    best = {"iteration": 9_000, "protocols": {protocol: {"fid": mean(fid)}}}
    metadata = {"scores": {"best": best, "real_against_real": {protocol: {"fid": 0.1}}}}
    history = [{"iteration": 1_500, "val_fid": 9.0}, {"iteration": 2_000, "val_fid": 2.0}]
    row = zoo_bars.color_row("wgan_gp_avatars", metadata, history, mean(details))
    assert [bar for bar, passed in row["passes"].items() if not passed] == missed
    assert zoo_bars.table([row]).endswith(f"| {'; '.join(missed) or 'nothing'} |")


@pytest.mark.parametrize(
    ("covered", "near", "missed"),
    [(8, 0.95, []), (7.67, 0.95, ["all modes"]), (8, 0.94, ["at least 95% high-quality"])],
)
def test_the_bars_of_mixtures(covered, near, missed):
    scores = {"modes_covered": mean(covered), "modes": mean(8), "high_quality": mean(near)}
    metadata = {"scores": {"best": {"iteration": 9_000, "protocols": {"modes_eight_gaussians_10k": scores}}}}
    row = zoo_bars.toys_row("wgan_gp_eight_gaussians", metadata)
    assert [bar for bar, passed in row["passes"].items() if not passed] == missed


def test_the_kept_rows_and_the_pages_table_are_those_of_the_zoo():
    found = list(zoo_bars.rows(json.loads(tutorial_quality.RESULT.read_text())))
    assert json.loads(zoo_bars.RESULT.read_text())["rows"] == json.loads(json.dumps(found))
    text = pages.PAGES["bars"].read_text()
    assert pages.between_markers(text, "bars", zoo_bars.table(found)) == text


def test_the_wgan_gp_presets_reach_their_bars():
    rows = json.loads(zoo_bars.RESULT.read_text())["rows"]
    held = {row["preset"]: all(row["passes"].values()) for row in rows if row["held_to_the_bars"]}
    assert held == dict.fromkeys((*zoo_bars.HELD, *zoo_bars.COLOR), True)
