"""What tests need that only some machines have. pyproject.toml says what each is."""

import importlib.util

import pytest

from benchmarks import chromium
from wgan_keras import data
from wgan_keras.explore import runtime


def whole_fashion_mnist():
    """In the order of its files: another order makes the protocols take other images, and so other scores."""
    found = data.locate("fashion_mnist")
    return found is not None and found.kind == "idx"


def browser_for_the_page():
    return chromium.is_there() and runtime.is_kept()


MET = {
    "needs_fashion_mnist": whole_fashion_mnist,
    "needs_emoji": lambda: data.locate("emoji") is not None,
    "needs_drawn": lambda: all(data.locate(name) is not None for name in ("emoji_families", "avatars")),
    "needs_svg": lambda: importlib.util.find_spec("resvg_py") is not None,
    "needs_export": lambda: all(map(importlib.util.find_spec, ("tf2onnx", "onnxruntime", "ai_edge_litert"))),
    "needs_browser": browser_for_the_page,
    "needs_video": lambda: importlib.util.find_spec("imageio_ffmpeg") is not None,
    "needs_torch": lambda: importlib.util.find_spec("torch") is not None,
    "needs_torch_fidelity": lambda: importlib.util.find_spec("torch_fidelity") is not None,
}


def pytest_collection_modifyitems(config, items):
    """Leaves out tests whose needs are not met."""
    # Searches, the longest tests, go first, so that no worker is left with one at the end.
    items.sort(key=lambda item: item.path.parent.name != "tuning")
    needs = dict(line.split(": ", 1) for line in config.getini("markers") if line.startswith("needs_"))
    missing = {name: what for name, what in needs.items() if not MET[name]()}
    for item in items:
        for name in missing.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=missing[name]))
