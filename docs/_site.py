"""The site mirrors the repository, so that a relative link between pages and pictures holds in both.

README.md is the front page; docs/, the cards of the zoo and the results of the benchmarks have their paths of here. A
guide docs/NAME.py is the page docs/NAME.md: its strings are the text, and what stands between them is code.
"""

import ast
import os
import pathlib

from mkdocs.structure.files import File, Files, InclusionLevel

ROOT = pathlib.Path(__file__).parent.parent
GUIDES = sorted(path for path in (ROOT / "docs").glob("*.py") if not path.name.startswith("_"))
TOP = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE")
# Behind links.
BESIDE = (
    *(f"zoo/*/*.{kind}" for kind in ("md", "png", "json", "csv")),
    "benchmarks/**/results/**/*.*",
    "tools/**/*.json",
    "wgan_keras/metrics/weights/*.json",
    "wgan_keras/models/*.py",
    "tools/*.png",
    "docs/extend/*.py",
)

# As HTML, since the page is written after the site.
TO_GALLERY = '<a href="../explorer/index.html">Open it here, with the presets that make pictures.</a>'


def on_files(files, config):
    """All files of the site, each under its path in the repository."""
    theme = [file for file in files if file.src_dir != config.docs_dir]
    pages = [file for file in files if file not in theme and file.inclusion.is_included()]
    mirrored = [_file(config, f"docs/{file.src_uri}") for file in pages]
    mirrored += [_file(config, name) for name in TOP]
    found = sorted(path.relative_to(ROOT).as_posix() for pattern in BESIDE for path in ROOT.glob(pattern))
    mirrored += [_file(config, name, InclusionLevel.NOT_IN_NAV) for name in found]
    guides = [File.generated(config, f"docs/{path.stem}.md", content=guide(path.read_text())) for path in GUIDES]
    return Files([*theme, *mirrored, *guides])


def on_page_markdown(markdown, page, **_):
    """Links to a guide lead to its page; the site of `make gallery` has a link to the explorer's page."""
    for path in GUIDES:
        markdown = markdown.replace(f"{path.name})", f"{path.stem}.md)")
    if "GALLERY" in os.environ and page.file.src_uri == "docs/explorer.md":
        title, rest = markdown.split("\n", 1)
        markdown = f"{title}\n\n{TO_GALLERY}\n{rest}"
    return markdown


def _file(config, name, inclusion=InclusionLevel.UNDEFINED):
    return File.generated(config, name, abs_src_path=str(ROOT / name), inclusion=inclusion)


def guide(source):
    """The Markdown of a guide's Python source."""
    lines, parts, code_from = source.splitlines(), [], 0
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            parts += [_fenced(lines[code_from : node.lineno - 1]), node.value.value]
            code_from = node.end_lineno
    return "\n\n".join([part for part in (*parts, _fenced(lines[code_from:])) if part]) + "\n"


def _fenced(lines):
    code = "\n".join(lines).strip("\n")
    return f"```python\n{code}\n```" if code else ""
