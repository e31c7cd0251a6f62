"""Tables that are made from the results' JSON: which page holds each, and how it gets there, between two markers."""

import pathlib

from wgan_keras.files.saving import whole_file

ROOT = pathlib.Path(__file__).parent.parent
PAGES = {  # name of the table: its page
    "presets": ROOT / "README.md",
    "zoo": ROOT / "docs/zoo.md",
    "bars": ROOT / "docs/zoo.md",
    "evening": ROOT / "docs/zoo.md",
    "speed": ROOT / "docs/speed.md",
    "parts": ROOT / "docs/speed.md",
    "fused": ROOT / "docs/speed.md",
    "gpu": ROOT / "docs/speed.md",
    "start_up": ROOT / "docs/speed.md",
    "explorer": ROOT / "docs/explorer.md",
    "scaling": ROOT / "docs/devices.md",
    "projection": ROOT / "docs/devices.md",
    "claims": ROOT / "docs/papers.md",
    "collapse": ROOT / "docs/collapse.md",
    "orderings": ROOT / "docs/collapse.md",
    "labels": ROOT / "docs/labels.md",
    "samples_for_training": ROOT / "docs/labels.md",
    "few_labels": ROOT / "docs/labels.md",
    "small_folder": ROOT / "docs/small_folder.md",
    "changes": ROOT / "docs/papers.md",
    "anchors": ROOT / "docs/papers.md",
}


def markers(name):
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def between_markers(text, name, table):
    """`text` with `table` in place of what stood between the markers of that name.

    Raises:
        ValueError: the markers are not there, once each and in their order.
    """
    first, last = markers(name)
    before, begin, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end or any(marker in before + after for marker in (first, last)):
        raise ValueError(f"{PAGES[name].name} must hold {first} and then {last}, once each; put them back.")
    return f"{before}{begin}\n{table}\n{end}{after}"


def bold_unless(text, good):
    """A cell: bold where it misses its target."""
    return text if good else f"**{text}**"


def put(name, table):
    """Writes the table into its page."""
    page = PAGES[name]
    text = between_markers(page.read_text(), name, table)
    with whole_file(page) as temporary:
        temporary.write_text(text)
