"""The site, built as `make docs` does: its links, its reference, and that it asks nothing of other hosts."""

import html.parser
import importlib.util
import pathlib
import subprocess
import sys
import types
import urllib.parse

import pytest

import wgan_keras as wk

ROOT = pathlib.Path(__file__).parents[2]
LINKS = {"a": "href", "img": "src", "link": "href", "script": "src"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Page(html.parser.HTMLParser):
    """`links`, (tag, address) pairs, and `anchors` of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get(LINKS.get(tag)):
            self.links.append((tag, attributes[LINKS[tag]]))
        self.anchors.add(attributes.get("id"))


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html")}


def test_every_link_leads_to_a_file_of_the_site(pages, site):
    broken = []
    for path, page in pages.items():
        for _, address in page.links:
            parts = urllib.parse.urlsplit(address)
            below = site if parts.path.startswith("/") else path.parent  # of 404.html
            if not parts.scheme and not (below / urllib.parse.unquote(parts.path).lstrip("/")).exists():
                broken.append((path.relative_to(site).as_posix(), address))
    assert not broken


def test_nothing_is_loaded_from_another_host(pages):
    loaded = [address for page in pages.values() for tag, address in page.links if tag != "a"]
    assert loaded
    assert not [address for address in loaded if urllib.parse.urlsplit(address).netloc]


TOP = [name for name in wk.__all__ if not isinstance(getattr(wk, name), types.ModuleType)]
MODULES = (wk.data, wk.metrics, wk.networks, wk.tuning)
PUBLIC = [getattr(module, name) for module in MODULES for name in module.__all__] + [getattr(wk, name) for name in TOP]


@pytest.mark.parametrize("thing", [thing for thing in PUBLIC if callable(thing)], ids=lambda thing: thing.__name__)
def test_the_reference_has_every_public_name(thing, pages):
    anchors = set().union(*(page.anchors for page in pages.values()))
    assert f"{thing.__module__}.{thing.__qualname__}" in anchors


@pytest.fixture(scope="module")
def hooks():
    """docs/_site.py."""
    spec = importlib.util.spec_from_file_location("_site", ROOT / "docs/_site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_guide_becomes_text_and_code(hooks):
    source = '"""# Title\n\nText."""\n\nx = 1  # one\n\nif x:\n    print("x")\n\n"""More text."""\n'
    expected = '# Title\n\nText.\n\n```python\nx = 1  # one\n\nif x:\n    print("x")\n```\n\nMore text.\n'
    assert hooks.guide(source) == expected


def test_the_site_of_the_gallery_leads_to_the_explorers_page(hooks, monkeypatch):
    def shown(page):
        return hooks.on_page_markdown(
            "# Title\n\nText.\n", types.SimpleNamespace(file=types.SimpleNamespace(src_uri=page))
        )

    assert shown("docs/explorer.md") == "# Title\n\nText.\n"
    monkeypatch.setenv("GALLERY", "yes")
    assert shown("docs/explorer.md") == f"# Title\n\n{hooks.TO_GALLERY}\n\nText.\n"
    assert shown("docs/zoo.md") == "# Title\n\nText.\n"
    assert 'href="../explorer/index.html"' in hooks.TO_GALLERY
