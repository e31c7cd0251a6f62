"""The machine's own Chromium, without a window."""

import contextlib
import importlib.util
import shutil
from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome")


def is_there() -> bool:
    """Whether `launched` has what it needs: Chromium under one of its names, and Playwright."""
    return any(map(shutil.which, NAMES)) and importlib.util.find_spec("playwright") is not None


@contextlib.contextmanager
def launched() -> Iterator:
    """A Playwright browser, closed in the end."""
    from playwright.sync_api import sync_playwright  # an extra

    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])  # root may run it
        yield browser
        browser.close()
