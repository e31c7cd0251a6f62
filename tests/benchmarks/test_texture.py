"""What the texture's study changes from training to training, and that the page tells what it measured."""

import dataclasses
import json

import pytest

from benchmarks.pages import ROOT
from benchmarks.study import texture


@pytest.mark.parametrize("way", texture.WAYS)
def test_a_way_changes_the_networks_that_it_names_and_nothing_else(way):
    base, changed = texture.recipe(texture.FIRST, 500), texture.recipe(way, 500)
    differ = {
        field.name for field in dataclasses.fields(base) if getattr(base, field.name) != getattr(changed, field.name)
    }
    assert differ == set(texture.WAYS[way])
    assert changed.build().generator.output_shape[1:] == (64, 64, 3)


def test_the_page_says_what_was_measured():
    presets = json.loads((texture.RESULTS / "texture.json").read_text())["presets"]
    assert set(presets) == {"wgan_gp_avatars", "wgan_gp_emoji", "wgan_gp_emoji_labels"}
    page = (ROOT / "docs/zoo.md").read_text()
    assert all(f"{name} {found['mean']:.1f}" in page.replace("`", "") for name, found in presets.items())
