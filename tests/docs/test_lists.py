"""Lists that a page repeats in words."""

import pathlib
import re
import tomllib

import wgan_keras as wk
from wgan_keras.networks.sizes import halvings

ROOT = pathlib.Path(__file__).parents[2]


def test_every_marker_of_the_tests_is_explained_to_contributors():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    needs = {line.partition(":")[0] for line in settings["markers"] if line.startswith("needs_")}
    rows = [line for line in (ROOT / "CONTRIBUTING.md").read_text().splitlines() if line.startswith("| `needs_")]
    assert set(re.findall("`(needs_[a-z_]+)`", " ".join(rows))) == needs


def test_the_names_that_the_reference_gives_are_found_without_another_import():
    pages = "".join(page.read_text() for page in (ROOT / "docs/reference").glob("*.md"))
    assert {"GAN", "random", "shares"} <= set(re.findall(r"`wk\.(\w+)", pages)) <= set(wk.__all__)


def test_the_sizes_on_the_page_are_those_that_halve():
    def fits(side):
        try:
            return halvings((side, side, 3))
        except ValueError:
            return False

    (listed,) = re.findall(r"halves down to 4 to 7 pixels: ([^.]*), say", (ROOT / "docs/training.md").read_text())
    assert list(map(int, re.findall(r"\d+", listed))) == [side for side in range(28, 129) if fits(side)]
