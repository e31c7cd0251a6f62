"""The claims of the papers and what became of them: one HTML page and a table in docs/, from the results' JSON.

It reads results/NAME/result.json of every benchmark of the papers, writes results/index.html, and puts the table into
docs/papers.md. `python -m benchmarks.papers --only` does just that.
"""

import html
import json
import pathlib

from benchmarks import pages
from benchmarks.papers.report import RESULTS
from wgan_keras.saving import whole_file

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 78em; padding: 0 1em; color: #222 }
table { border-collapse: collapse; width: 100%; margin: .6em 0 }
th, td { border-bottom: 1px solid #ddd; padding: .35em .6em; text-align: left; vertical-align: top }
.held { color: #16703c } .not { color: #b3261e; font-weight: 600 }
.source, .note, .run { color: #666; font-size: .87em }
img { max-width: 100%; height: auto } code { background: #f3f3f3; padding: .1em .3em }
section { margin-top: 2.6em }
"""


def read(names, folder):
    """The result of each name that has one, in the order given."""
    files = [pathlib.Path(folder) / name / "result.json" for name in names]
    return [json.loads(file.read_text()) for file in files if file.exists()]


def number(value):
    """Four digits; what JSON could not hold came as text."""
    return value if isinstance(value, str) else f"{value:.4g}"


def count(results):
    """(claims that held, all claims)."""
    verdicts = [claim["verdict"] == "held" for result in results for claim in result["claims"]]
    return sum(verdicts), len(verdicts)


def html_page(results):
    held, total = count(results)
    rows = "".join(_contents_row(result) for result in results)
    sections = "\n".join(_section(result) for result in results)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>wgan_keras: the papers, run</title><style>{STYLE}</style></head>
<body>
<h1>The papers, run</h1>
<p>{held} of {total} claims held. Each is decided by one number against a criterion; sources are files of
<code>shared/seeds</code>. <code>make papers</code> runs everything and writes this page.</p>
<table><tr><th>benchmark</th><th>question</th><th>held</th><th>seconds</th></tr>{rows}</table>
{sections}
</body></html>
"""


def _contents_row(result):
    held, total = count([result])
    name = result["name"]
    cells = (f'<a href="#{name}">{name}</a>', html.escape(result["title"]), f"{held} of {total}", result["seconds"])
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _section(result):
    name, machine = result["name"], result["machine"]
    claims = "".join(_claim_row(claim) for claim in result["claims"])
    pictures = "".join(f'<p><img src="{name}/{file}" alt="{name}: {file}"></p>' for file in result["pictures"])
    seeds = f", seeds {', '.join(map(str, result['seeds']))}" if result["seeds"] else ""
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB"
    versions = ", ".join(f"{package} {version}" for package, version in result["versions"].items())
    settings = ", ".join(f"{key} {value}" for key, value in result["settings"].items())
    return f"""<section id="{name}"><h2>{html.escape(result["title"])}</h2>
<p><code>{html.escape(result["command"])}</code></p>
{pictures}
<table><tr><th>claim</th><th>number</th><th>criterion</th><th>verdict</th></tr>{claims}</table>
<p class="run">{html.escape(settings)}<br>
{result["date"]}, {result["seconds"]} s on {html.escape(where)}{seeds}; {html.escape(versions)};
<a href="{name}/result.json">result.json</a></p></section>"""


def _claim_row(claim):
    text = {key: html.escape(str(value)) for key, value in claim.items()}
    style = "held" if claim["verdict"] == "held" else "not"
    note = f'<div class="note">{text["note"]}</div>' if claim["note"] else ""
    return (
        f'<tr><td>{text["claim"]}<div class="source">{text["source"]}</div>{note}</td>'
        f'<td>{number(claim["number"])}<div class="source">{text["measure"]}</div></td>'
        f'<td>{text["criterion"]}</td><td class="{style}">{text["verdict"]}</td></tr>'
    )


def markdown_table(results):
    """Claim, number and verdict, a row each, under a line that counts them."""
    held, total = count(results)
    lines = [
        f"{held} of {total} claims held.",
        "",
        "| benchmark | claim | number | criterion | verdict |",
        "|---|---|---|---|---|",
    ]
    for result in results:
        for claim in result["claims"]:
            verdict = claim["verdict"] if claim["verdict"] == "held" else f"**{claim['verdict']}**"
            cells = (result["name"], claim["claim"], number(claim["number"]), claim["criterion"], verdict)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def write(names, folder=RESULTS):
    """index.html into `folder`; the table of docs/ too when `folder` is the repository's own. Returns the page."""
    results = read(names, folder)
    page = pathlib.Path(folder) / "index.html"
    with whole_file(page) as temporary:
        temporary.write_text(html_page(results))
    if pathlib.Path(folder).resolve() == RESULTS.resolve():
        pages.put("claims", markdown_table(results))
    return page
