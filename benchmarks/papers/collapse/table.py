"""The tables of docs/collapse.md and their picture, from the kept trainings and the published numbers."""

import numpy as np
from matplotlib.figure import Figure

from benchmarks import pages
from benchmarks.papers.collapse import published, record
from benchmarks.papers.collapse.points import SETS
from benchmarks.papers.collapse.techniques import TECHNIQUES
from benchmarks.papers.report import PIXELS_PER_INCH
from wgan_keras.files.saving import whole_file

MODES = {"ring": 8, "grid": 25}
CERTAIN = 1.645  # standard errors of the difference: 95% on one side


def write():
    """The tables between the page's markers, and modes.png beside the records."""
    kept = {name: summary(record.read(name)) for name in SETS}
    pages.put("collapse", "\n\n".join(of_set(name, rows) for name, rows in kept.items() if rows))
    pages.put("orderings", orderings(kept))
    with whole_file(record.FOLDER / "modes.png") as temporary:
        picture(kept).savefig(temporary, dpi=PIXELS_PER_INCH, format="png")


def summary(kept):
    """{technique: {score: (mean, standard error), "seeds": how many}} of the trainings that there are."""
    rows = {}
    for technique in TECHNIQUES:
        trainings = list(kept.get("techniques", {}).get(technique, {}).values())
        if trainings:
            names = ("modes_by_one", "modes_by_share", "high_quality", "reverse_kl")
            rows[technique] = {name: _mean([each[name] for each in trainings]) for name in names}
            rows[technique]["seeds"] = len(trainings)
    return rows


def _mean(values):
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return float(np.mean(values)), float(error)


def of_set(name, rows):
    lines = [
        f"**{name}**, {MODES[name]} modes",
        "",
        "| technique | seeds | modes by one sample | modes by 1% | high quality, % | reverse KL | published modes |",
        "|---|---|---|---|---|---|---|",
    ]
    for technique, row in rows.items():
        scores = [
            _spelled(row["modes_by_one"]),
            _spelled(row["modes_by_share"]),
            _spelled([100 * x for x in row["high_quality"]]),
            _spelled(row["reverse_kl"], 2),
        ]
        others = "; ".join(map(_of_others, published.POINTS[name].get(technique, [])))
        lines.append(f"| {technique} | {row['seeds']} | {' | '.join(scores)} | {others} |")
    return "\n".join(lines)


def _spelled(value, digits=1):
    mean, error = value
    return f"{mean:.{digits}f}" if np.isnan(error) else f"{mean:.{digits}f} ± {error:.{digits}f}"


def _of_others(row):
    error = "" if row.modes_error is None else f" ± {row.modes_error}"
    return f"{row.modes}{error} ({row.source.partition(',')[0]} et al.)"


def orderings(kept):
    """A verdict for each ordering that a paper claims, by the difference of the means in its standard errors."""
    lines = ["| claim | source | set | difference of modes | verdict |", "|---|---|---|---|---|"]
    for source, fewer, more in published.ORDERINGS:
        for name, rows in kept.items():
            if fewer in rows and more in rows:
                found = verdict(rows[fewer]["modes_by_one"], rows[more]["modes_by_one"])
                lines.append(f"| {more} finds more modes than {fewer} | {source} | {name} | {found[0]} | {found[1]} |")
    return "\n".join(lines)


def verdict(fewer, more):
    """(the difference, "held" | "not held" | "undecided") of two (mean, standard error)."""
    difference, error = more[0] - fewer[0], float(np.hypot(fewer[1], more[1]))
    told = f"{difference:+.1f} ± {error:.1f}"
    if np.isnan(error) or abs(difference) <= CERTAIN * error:
        return told, "undecided"
    return told, "held" if difference > 0 else "not held"


def picture(kept):
    """Modes by technique, a panel a set."""
    found = Figure(figsize=(5 * len(kept), 6), layout="constrained")
    for axes, (name, rows) in zip(found.subplots(1, len(kept), squeeze=False)[0], kept.items(), strict=True):
        means, errors = zip(*(row["modes_by_one"] for row in rows.values()), strict=True) if rows else ((), ())
        places = np.arange(len(rows))
        axes.barh(places, means, xerr=np.nan_to_num(errors))
        axes.set_yticks(places, list(rows))
        axes.invert_yaxis()
        axes.axvline(MODES[name], color="gray", linestyle="--")
        axes.set(title=name, xlabel="modes with a high-quality sample")
    return found
