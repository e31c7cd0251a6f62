"""The claims of the papers and what became of them: one HTML page and three tables in docs/, from the results' JSON.

It reads results/NAME/result.json of every benchmark of the papers, writes results/index.html, and puts the claims, the
changes of criteria and the published numbers of others into docs/papers.md. `python -m benchmarks.papers --only` does
just that.
"""

import collections
import html
import json
import pathlib

from benchmarks import machine, pages
from benchmarks.papers.anchors import anchors
from benchmarks.papers.changes import CHANGES
from benchmarks.papers.report import HELD, NOT_HELD, RESULTS, UNDECIDED, in_words
from wgan_keras.files.saving import whole_file

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 78em; padding: 0 1em; color: #222 }
table { border-collapse: collapse; width: 100%; margin: .6em 0 }
th, td { border-bottom: 1px solid #ddd; padding: .35em .6em; text-align: left; vertical-align: top }
.held { color: #16703c } .not { color: #b3261e; font-weight: 600 } .undecided { color: #8a5a00 }
.source, .note, .run { color: #666; font-size: .87em }
img { max-width: 100%; height: auto } code { background: #f3f3f3; padding: .1em .3em }
section { margin-top: 2.6em }
"""


def read(names, folder):
    """The result of each name that has one, in the order given."""
    files = [pathlib.Path(folder) / name / "result.json" for name in names]
    return [json.loads(file.read_text()) for file in files if file.exists()]


def count(results):
    """How many claims got each verdict, in words."""
    verdicts = collections.Counter(claim["verdict"] for result in results for claim in result["claims"])
    counts = (f"{verdicts[verdict]} {verdict}" for verdict in (HELD, NOT_HELD, UNDECIDED) if verdicts[verdict])
    return f"{', '.join(counts)}, of {verdicts.total()} claims"


def html_page(results):
    rows = "".join(_contents_row(result) for result in results)
    sections = "\n".join(_section(result) for result in results)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>wgan_keras: the papers, run</title><style>{STYLE}</style></head>
<body>
<h1>The papers, run</h1>
<p>{count(results)}. Each is decided by one number against a criterion. A number of trainings is given as
estimate [90% interval] (seeds), and is undecided while the interval contains the criterion's bound.
<code>make papers</code> runs everything and writes this page.</p>
<table><tr><th>benchmark</th><th>question</th><th>claims</th><th>seconds</th></tr>{rows}</table>
{sections}
<section><h2>Changes of criteria</h2>
<table><tr><th>benchmark</th><th>claim</th><th>before</th><th>now</th><th>reason</th></tr>{_changes()}</table></section>
</body></html>
"""


def _contents_row(result):
    name = result["name"]
    return _row(f'<a href="#{name}">{name}</a>', html.escape(result["title"]), count([result]), result["seconds"])


def _changes():
    return "".join(_row(*map(html.escape, change)) for change in CHANGES)


def _row(*cells):
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _section(result):
    name = result["name"]
    claims = "".join(_claim_row(claim) for claim in result["claims"])
    pictures = "".join(f'<p><img src="{name}/{file}" alt="{name}: {file}"></p>' for file in result["pictures"])
    settings = ", ".join(f"{key} {value}" for key, value in result["settings"].items())
    return f"""<section id="{name}"><h2>{html.escape(result["title"])}</h2>
<p><code>{html.escape(result["command"])}</code></p>
{pictures}
<table><tr><th>claim</th><th>number</th><th>criterion</th><th>verdict</th></tr>{claims}</table>
<p class="run">{html.escape(settings)}<br>
{html.escape(_run(result))};
<a href="{name}/result.json">result.json</a></p></section>"""


def _run(result):
    """When and on what it ran; of seeds that were kept on disk, when and on what each of them was trained."""
    where, versions = machine.in_words(result["machine"]), _versions(result["versions"])
    if trainings := result.get("trainings"):  # results of before lack it
        trained = "; ".join(map(_trained, trainings))
        return f"{trained}; concluded {result['date']} on {where}, {result['seconds']} s in all; {versions}"
    seeds = f", seeds {', '.join(map(str, result['seeds']))}" if result["seeds"] else ""
    return f"{result['date']}, {result['seconds']} s on {where}{seeds}; {versions}"


def _trained(made):
    seeds = f"seeds {', '.join(map(str, made['seeds']))}"
    where = machine.in_words(made["machine"]) if made["machine"] else "a machine not known"
    backend = made["backend"] or "a backend not known"
    versions = _versions(made["versions"]) if made["versions"] else "versions not known"
    return f"{seeds}: trained {made['date'] or 'on a day not known'} on {where} by {backend}, {versions}"


def _versions(known):
    return ", ".join(f"{package} {version}" for package, version in known.items())


def _claim_row(claim):
    text = {key: html.escape(str(value)) for key, value in claim.items()}
    style = claim["verdict"].partition(" ")[0]
    note = f'<div class="note">{text["note"]}</div>' if claim["note"] else ""
    return (
        f'<tr><td>{text["claim"]}<div class="source">{text["source"]}</div>{note}</td>'
        f'<td>{in_words(claim)}<div class="source">{text["measure"]}</div></td>'
        f'<td>{text["criterion"]}</td><td class="{style}">{text["verdict"]}</td></tr>'
    )


def markdown_table(results):
    """A row a claim, under a line that counts them."""
    rows = [
        (
            result["name"],
            claim["claim"],
            in_words(claim),
            claim["measure"],
            claim["criterion"],
            claim["verdict"] if claim["verdict"] == HELD else f"**{claim['verdict']}**",
        )
        for result in results
        for claim in result["claims"]
    ]
    table = _markdown(("benchmark", "claim", "number", "what it is", "criterion", "verdict"), rows)
    return f"{count(results)}.\n\n{table}"


def changes_table():
    return _markdown(("benchmark", "claim", "before", "now", "reason"), CHANGES)


def anchors_table():
    return _markdown(("source", "set-up", "published", "ours", "compared"), anchors())


def _markdown(names, rows):
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in (names, *rows)]
    lines.insert(1, "|".join(["---"] * len(names)))
    return "\n".join(f"|{line}|" if line.startswith("---") else f"| {line} |" for line in lines)


def write(names, folder=RESULTS):
    """index.html into `folder`; the tables of docs/ too when `folder` is the repository's own. Returns the page."""
    results = read(names, folder)
    page = pathlib.Path(folder) / "index.html"
    with whole_file(page) as temporary:
        temporary.write_text(html_page(results))
    if pathlib.Path(folder).resolve() == RESULTS.resolve():
        pages.put("claims", markdown_table(results))
        pages.put("changes", changes_table())
        pages.put("anchors", anchors_table())
    return page
