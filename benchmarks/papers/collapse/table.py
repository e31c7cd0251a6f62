"""The tables of docs/collapse.md and their picture, from the kept trainings and the published numbers."""

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

from benchmarks import pages
from benchmarks.papers.collapse import published, record
from benchmarks.papers.collapse.sets import DATA, SETS
from benchmarks.papers.report import HELD, NOT_HELD, PIXELS_PER_INCH, UNDECIDED
from wgan_keras.saving import whole_file

SCORES = ("modes_by_one", "modes_by_share", "high_quality", "reverse_kl")
CERTAIN = 0.95  # on one side
PICTURE = "![Modes by technique and set](../benchmarks/papers/results/collapse/modes.png)"
HEADER = (
    "| technique | seeds | modes by one sample | modes by 1% | high quality, % | reverse KL "
    "| published modes | published high quality, % | published reverse KL | published by |"
)


def write():
    """The tables between the page's markers, and modes.png beside the records."""
    kept = {(name, size): record.read(name, size) for size in record.SIZES for name in SETS}
    rows = {key: summary(each, SETS[key[0]].techniques) for key, each in kept.items() if each}
    tables = [of_set(*key, kept[key]["settings"], each) for key, each in rows.items()]
    pages.put("collapse", "\n\n".join([*tables, PICTURE]))
    pages.put("orderings", orderings(rows))
    with whole_file(record.FOLDER / "modes.png") as temporary:
        picture(rows).savefig(temporary, dpi=PIXELS_PER_INCH, format="png")


def summary(kept, techniques):
    """{technique: {score: (mean, standard error), "seeds": how many}} of the trainings that there are."""
    rows = {}
    for technique in (DATA, *techniques):
        trainings = list(kept["techniques"].get(technique, {}).values())
        if trainings:
            rows[technique] = {name: _mean([each[name] for each in trainings]) for name in SCORES}
            rows[technique]["seeds"] = len(trainings)
    return rows


def _mean(values):
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return float(np.mean(values)), float(error)


def of_set(name, size, settings, rows):
    each = SETS[name]
    used = (each.full if size == "full" else each.reduced)._replace(**settings)
    lines = [
        f"**{name}**, {each.modes:,} modes; {each.in_words(used)}. Published: of {each.published_of}.",
        "",
        HEADER,
        "|---" * (HEADER.count("|") - 1) + "|",
    ]
    for technique, row in rows.items():
        scores = [
            _spelled(*row["modes_by_one"]),
            _spelled(*row["modes_by_share"]),
            _spelled(*(100 * x for x in row["high_quality"])),
            _spelled(*row["reverse_kl"], digits=2),
        ]
        others = _of_others(published.NUMBERS[name].get(technique, []))
        lines.append(f"| {' | '.join([technique, str(row['seeds']), *scores, *others])} |")
    return "\n".join(lines)


def _spelled(mean, error=None, digits=1):
    alone = error is None or np.isnan(error)
    return f"{mean:.{digits}f}" if alone else f"{mean:.{digits}f} ± {error:.{digits}f}"


def _of_others(rows):
    """The published columns; of two papers both, in one order."""
    columns = (
        [_spelled(row.modes, row.modes_error) for row in rows],
        ["" if row.high_quality is None else _spelled(row.high_quality, row.high_quality_error) for row in rows],
        ["" if row.reverse_kl is None else _spelled(row.reverse_kl, digits=2) for row in rows],
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
                found = verdict(*((*rows[each]["modes_by_one"], rows[each]["seeds"]) for each in (fewer, more)))
                where = f"{name}, {size}"
                lines.append(f"| {more} finds more modes than {fewer} | {source} | {where} | {found[0]} | {found[1]} |")
    return "\n".join(lines)


def verdict(fewer, more):
    """(the difference, its verdict) of two (mean, standard error, seeds), by Welch's t-test on one side."""
    difference, error = more[0] - fewer[0], float(np.hypot(fewer[1], more[1]))
    if np.isnan(error):
        return f"{difference:+.1f}", UNDECIDED
    told = f"{difference:+.1f} ± {error:.1f}"
    if abs(difference) <= error * _quantile(fewer, more):
        return told, UNDECIDED
    return told, HELD if difference > 0 else NOT_HELD


def _quantile(*samples):
    """Of Student's t with Welch's degrees of freedom; 1 where all seeds of both agree, and no error is left."""
    squares = [error**2 for _, error, _ in samples]
    if not sum(squares):
        return 1.0
    freedom = sum(squares) ** 2 / sum(s**2 / (n - 1) for s, (_, _, n) in zip(squares, samples, strict=True))
    return float(stats.t.ppf(CERTAIN, freedom))


def picture(tables):
    """Modes by technique, a panel for each {(set, size): `summary`}."""
    figure = Figure(figsize=(5 * max(1, len(tables)), 6), layout="constrained")
    panels = figure.subplots(1, max(1, len(tables)), squeeze=False)[0]
    for axes, ((name, size), rows) in zip(panels, tables.items(), strict=False):
        means, errors = zip(*(row["modes_by_one"] for row in rows.values()), strict=True)
        places = np.arange(len(rows))
        axes.barh(places, means, xerr=np.nan_to_num(errors))
        axes.set_yticks(places, list(rows))
        axes.invert_yaxis()
        axes.axvline(SETS[name].modes, color="gray", linestyle="--")
        axes.set(title=f"{name}, {size}", xlabel="modes by one sample")
    return figure
