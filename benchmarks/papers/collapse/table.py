"""The tables of docs/collapse.md and their picture, from the kept trainings and the published numbers."""

import sys

from matplotlib.figure import Figure

from benchmarks import pages
from benchmarks.papers import kept, means
from benchmarks.papers.collapse import published
from benchmarks.papers.collapse.sets import DATA, SETS, SIZES, path_of
from benchmarks.papers.report import PIXELS_PER_INCH, RESULTS
from wgan_keras.files.saving import whole_file

SCORES = ("modes_by_one", "modes_by_share", "high_quality", "reverse_kl")
PICTURE = "![Modes by technique and set](../benchmarks/papers/results/collapse/modes.png)"
HEADER = (
    "| technique | seeds | modes by one sample | modes by 1% | high quality, % | reverse KL "
    "| published modes | published high quality, % | published reverse KL | published by |"
)


def write():
    """The tables between the page's markers, and modes.png beside the records."""
    found = {(name, size): kept.read(path_of(name, size)) for size in SIZES for name in SETS}
    found = {key: each for key, each in found.items() if each}
    if not found:
        sys.exit(f"Nothing is kept in {RESULTS / 'collapse'}; leave out --table, or --take what another machine kept.")
    rows = {key: summary(each["trainings"], SETS[key[0]].techniques) for key, each in found.items()}
    tables = [of_set(*key, found[key]["settings"], each) for key, each in rows.items()]
    pages.put("collapse", "\n\n".join([*tables, PICTURE]))
    pages.put("orderings", orderings(rows))
    with whole_file(RESULTS / "collapse/modes.png") as temporary:
        picture(rows).savefig(temporary, dpi=PIXELS_PER_INCH, format="png")


def summary(trainings, techniques):
    """{technique: {score: `Mean` over the seeds that there are}}, first of the data.

    The reverse KL is over those that did not diverge, and None where all did.
    """
    rows = {}
    for technique in (DATA, *techniques):
        seeds = list(trainings.get(technique, {}).values())
        if seeds:
            rows[technique] = {name: _mean([each[name] for each in seeds]) for name in SCORES}
    return rows


def _mean(scores):
    defined = [score for score in scores if score is not None]
    return means.mean(defined) if defined else None


def of_set(name, size, settings, rows):
    each = SETS[name]
    used = each.settings(size)._replace(**settings)
    lines = [
        f"**{name}**, {size}: {each.modes:,} modes; {each.in_words(used)}. "
        f"The published numbers are {each.published_of}.",
        "",
        HEADER,
        "|---" * (HEADER.count("|") - 1) + "|",
    ]
    for technique, row in rows.items():
        scores = [
            row["modes_by_one"].in_words(),
            row["modes_by_share"].in_words(),
            row["high_quality"].in_words(factor=100),
            "" if row["reverse_kl"] is None else row["reverse_kl"].in_words(digits=2),
        ]
        others = _of_others(published.NUMBERS[name].get(technique, []))
        lines.append(f"| {' | '.join([technique, _seeds(row), *scores, *others])} |")
    return "\n".join(lines)


def _seeds(row):
    """How many, and how many of them diverged."""
    every, whole = row["modes_by_one"].seeds, row["reverse_kl"].seeds if row["reverse_kl"] else 0
    return str(every) if every == whole else f"{every}, {every - whole} diverged"


def _of_others(rows):
    """The published columns; of two papers both, in one order."""
    columns = (
        [row.modes.in_words() for row in rows],
        ["" if row.high_quality is None else row.high_quality.in_words() for row in rows],
        ["" if row.reverse_kl is None else f"{row.reverse_kl:.2f}" for row in rows],
        [row.authors for row in rows],
    )
    return ["; ".join(filter(None, column)) for column in columns]


def orderings(tables):
    """A verdict for each ordering that a paper claims.

    Args:
        tables: {(set, size): `summary`}.
    """
    lines = ["| claim | source | set | difference of modes | verdict |", "|---|---|---|---|---|"]
    for (name, size), rows in tables.items():
        for source, fewer, more in published.ORDERINGS[name]:
            if fewer in rows and more in rows:
                found = means.larger(rows[more]["modes_by_one"], rows[fewer]["modes_by_one"])
                where = f"{name}, {size}"
                lines.append(f"| {more} finds more modes than {fewer} | {source} | {where} | {found[0]} | {found[1]} |")
    return "\n".join(lines)


def picture(tables):
    """Modes by technique, a panel for each {(set, size): `summary`}."""
    lines = max(1, -(-len(tables) // 2))
    figure = Figure(figsize=(11, 6 * lines), layout="constrained")
    panels = figure.subplots(lines, 2, squeeze=False).ravel()
    for axes in panels[len(tables) :]:
        axes.axis("off")
    for axes, ((name, size), rows) in zip(panels, tables.items(), strict=False):
        found = [row["modes_by_one"] for row in rows.values()]
        places = range(len(found))
        axes.barh(places, [each.value for each in found], xerr=[each.error or 0 for each in found])
        axes.set_yticks(places, list(rows))
        axes.invert_yaxis()
        axes.axvline(SETS[name].modes, color="gray", linestyle="--")
        axes.set(title=f"{name}, {size}", xlabel="modes by one sample")
    return figure
