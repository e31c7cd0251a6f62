"""How fast the page is: what is counted in a browser, and the committed result."""

import json
import threading

import pytest

from benchmarks import pages
from benchmarks.speed import explorer
from wgan_keras.explore import serving
from wgan_keras.explore.folder import write

PRESET = "wgan_gp_fashion_mnist"


@pytest.mark.long
@pytest.mark.needs_browser
@pytest.mark.needs_export
def test_pictures_are_counted_as_they_are_painted(browser, tmp_path):
    write([PRESET], tmp_path)
    with serving.bind(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            found = explorer.opened(browser, serving.address(server), PRESET, seconds=0.5)
        finally:
            server.shutdown()
    assert 0 < found["first_picture"] <= found["sheet"]
    assert 0 < found["a_second"] < 100  # a frame of the browser at most


def test_what_misses_its_target_is_bold():
    def row(first, a_second):
        return {what: {"median": x} for what, x in (("first_picture", first), ("sheet", 2.5), ("a_second", a_second))}

    record = {
        "command": "c",
        "date": "d",
        "machine": {"processor": "p", "cores": 2},
        "chromium": "1",
        "presets": {PRESET: row(2.1, 29.0), "wgan_gp_emoji": row(1.9, 29.0)},
    }
    table = explorer.markdown(record)
    assert f"| {PRESET} | **2.10** | 2.50 | **29** |" in table and "| wgan_gp_emoji | 1.90 | 2.50 | 29 |" in table


def test_the_pages_table_is_that_of_the_committed_results():
    table = explorer.markdown(json.loads(explorer.RESULT.read_text()))
    assert table in pages.PAGES["explorer"].read_text()
