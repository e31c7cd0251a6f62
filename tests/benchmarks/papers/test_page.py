"""The page and the table of docs/papers.md are made from the results and say what they say."""

import json

import pytest

from benchmarks import pages
from benchmarks.papers import __main__ as papers, page
from benchmarks.papers.report import RESULTS

BEGIN, END = pages.markers("claims")
CLAIM = {
    "source": "a file, Figure 1",
    "claim": "KL(P || Q) < 1",
    "measure": "KL",
    "number": 0.123456,
    "interval": [0.1, 0.5],
    "seeds": 5,
    "criterion": "at most 1",
    "verdict": "held",
    "note": "",
}
RESULT = {
    "name": "made_up",
    "title": "A & B.",
    "command": "python -m benchmarks.made_up",
    "date": "2026-01-01",
    "seconds": 1.5,
    "machine": {"processor": "P", "cores": 2, "memory_gib": 4},
    "versions": {"keras": "3"},
    "seeds": [0],
    "settings": {"units": 64, "looks": [1, 2]},
    "claims": [CLAIM, {**CLAIM, "verdict": "not held", "number": "inf", "interval": None, "seeds": 0}],
    "pictures": ["a.png"],
}


def test_the_page_shows_picture_claim_number_verdict_and_command():
    text = page.html_page([RESULT])
    for part in (
        "units 64, looks [1, 2]",
        'src="made_up/a.png"',
        "KL(P || Q) &lt; 1",
        "0.1235 [0.1, 0.5] (5 seeds)",
        "inf",
        "A &amp; B.",
        RESULT["command"],
    ):
        assert part in text
    assert "1 held, 1 not held, of 2 claims" in text
    assert text.count('<td class="held">held</td>') == text.count('<td class="not">not held</td>') == 1


def test_seeds_that_were_kept_stand_with_the_machine_that_trained_them():
    made = {"seeds": [0, 1], "date": "2025-01-01", "machine": {"processor": "Q", "cores": 8, "memory_gib": 9}}
    made |= {"versions": None, "backend": None}
    known = made | {"seeds": [2], "versions": {"keras": "2"}, "backend": "jax"}
    text = page.html_page([RESULT | {"trainings": [made, known]}])
    where = "trained 2025-01-01 on Q, 8 cores, 9 GiB by"
    assert f"seeds 0, 1: {where} a backend not known, versions not known; seeds 2: {where} jax, keras 2; " in text
    assert "concluded 2026-01-01 on P, 2 cores, 4 GiB, 1.5 s in all; keras 3;" in text


def test_a_row_of_the_table_has_six_cells_whatever_the_claim_says():
    rows = [line for line in page.markdown_table([RESULT]).splitlines() if line.startswith("|")]
    assert rows[-1] == "| made_up | KL(P \\|\\| Q) < 1 | inf | KL | at most 1 | **not held** |"
    assert len(rows) == 4


def test_the_table_goes_between_the_markers_and_nowhere_else():
    once = pages.between_markers(f"before\n{BEGIN}\nold\n{END}\nafter\n", "claims", "new")
    assert once == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert pages.between_markers(once, "claims", "new") == once


@pytest.mark.parametrize("text", ["none", BEGIN, END + BEGIN, 2 * (BEGIN + END)])
def test_markers_that_are_missing_or_doubled_are_named(text):
    with pytest.raises(ValueError, match="claims: begin"):
        pages.between_markers(text, "claims", "new")


def test_only_the_repositorys_own_results_change_its_page(tmp_path):
    before = pages.PAGES["claims"].read_bytes()
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "result.json").write_text(json.dumps(RESULT))
    assert "made_up" in page.write(("made_up", "not_run_yet"), tmp_path).read_text()
    assert pages.PAGES["claims"].read_bytes() == before


def test_both_pages_show_the_committed_results():
    results = page.read(papers.NAMES, RESULTS)
    assert page.markdown_table(results) in pages.PAGES["claims"].read_text()
    assert page.changes_table() in pages.PAGES["changes"].read_text()
    assert page.anchors_table() in pages.PAGES["anchors"].read_text()
    assert (RESULTS / "index.html").read_text() == page.html_page(results)
    for result in results:
        for picture in result["pictures"]:
            assert (RESULTS / result["name"] / picture).exists()
