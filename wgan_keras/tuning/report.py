"""A search's report: trials.csv, report.html, and its pictures.

hyperparameters.png    the score against each hyperparameter
expected_best.png      the best score to expect of fewer trials, if they were drawn independently
importance.png         how much each hyperparameter matters, if there are enough trials
"""

import html
import itertools
import pathlib

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from wgan_keras.files.saving import whole_file
from wgan_keras.tuning import analysis, results
from wgan_keras.tuning.search import Search

_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; max-width: 72em; margin: 2em auto; padding: 0 1em; }}
table {{ border-collapse: collapse; font-size: small; }}
td, th {{ border: 1px solid #ccc; padding: .2em .5em; text-align: right; }}
img {{ max-width: 100%; }}
</style>
<h1>{title}</h1>
{body}
"""


def write(out):
    """Writes the report of the search in the folder `out` there; returns the best row, or None if all trials failed.

    Raises:
        ValueError: no trial is finished.
    """
    out = pathlib.Path(out).expanduser()
    search, rows = Search.load(out), results.read(out)
    if not rows:
        raise ValueError(f"No trial of the search in {out} is finished; there is nothing to report.")
    results.write_csv(rows, out / "trials.csv")
    winner, name = results.best(rows, search.goal), search.goal.name
    save(against_each(search, rows), out / "hyperparameters.png")
    pictures = ["hyperparameters.png"]
    alike = results.independent(rows)
    if search.tuner != "bayesian":
        expected = analysis.expected_best([row[name] for row in alike], search.goal.direction)
        save(best_curves({search.recipe.game["name"]: expected}, name), out / "expected_best.png")
        pictures.append("expected_best.png")
    if len(alike) >= analysis.ENOUGH and len({row[name] for row in alike}) > 1:
        save(importances(search, alike), out / "importance.png")
        pictures.append("importance.png")
    with whole_file(out / "report.html") as temporary:
        temporary.write_text(_page(search, rows, winner, pictures), "utf-8", "xmlcharrefreplace")
    return winner


def against_each(search, rows):
    """A panel a hyperparameter: the score of every trial; failed ones as crosses, a color for each length."""
    dimensions, goal = search.hypermodel.space.dimensions, search.goal
    lengths = sorted({row["up_to"] for row in rows})
    figure = Figure(figsize=(3.2 * len(dimensions), 3.2), layout="constrained")
    panels = figure.subplots(1, len(dimensions), sharey=True, squeeze=False)[0]
    panels[0].set_ylabel(goal.name)
    for axes, dimension in zip(panels, dimensions, strict=True):
        for (i, length), failed in itertools.product(enumerate(lengths), (False, True)):
            some = [row for row in rows if row["up_to"] == length and bool(row["failure"]) is failed]
            x = [dimension.position(row[dimension.name]) for row in some]
            label = None if failed else f"{length} iterations"
            axes.scatter(
                x, [row[goal.name] for row in some], marker="x" if failed else "o", s=20, c=f"C{i}", label=label
            )
        axes.set_xlabel(dimension.name)
        if dimension.kind == "choice":
            axes.set_xticks(range(len(dimension.labels)), [str(label) for label in dimension.labels])
            axes.set_xlim(-0.5, len(dimension.labels) - 0.5)
        else:
            axes.set_xscale("log" if dimension.kind == "log_uniform" else "linear")
            axes.set_xlim(dimension.low, dimension.high)
        axes.grid(alpha=0.3)
    if len(lengths) > 1:
        panels[0].legend(fontsize="small")
    return figure


def best_curves(searches, name):
    """The best `name` to expect of k trials, 16 % to 84 %; {label: its `expected_best`}, a curve each."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for label, (mean, band) in searches.items():
        k = np.arange(1, len(mean) + 1)
        (line,) = axes.plot(k, mean, marker=".", label=label)
        axes.fill_between(k, *band, color=line.get_color(), alpha=0.2, linewidth=0)
    axes.set(xlabel="trials", ylabel=f"expected best {name}")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    axes.grid(alpha=0.3)
    return figure


def importances(search, rows):
    """A bar a hyperparameter, see `analysis.importance`."""
    dimensions = search.hypermodel.space.dimensions
    columns = []
    for dimension in dimensions:
        column = np.array([dimension.position(row[dimension.name]) for row in rows], "float64")
        columns.append(np.log(column) if dimension.kind == "log_uniform" else column)
    mean, std = analysis.importance(np.stack(columns, axis=1), [row[search.goal.name] for row in rows])
    figure = Figure(figsize=(6, 1 + 0.4 * len(dimensions)), layout="constrained")
    axes = figure.subplots()
    axes.barh([d.name for d in dimensions], mean, xerr=std)
    axes.set_xlabel("share of the variance of the ranks by score")
    axes.grid(alpha=0.3)
    return figure


def save(figure, path):
    """A figure as a PNG file, whole or not at all."""
    with whole_file(path) as temporary:
        figure.savefig(temporary, format="png", dpi=110)


def _page(search, rows, winner, pictures):
    name, ends = search.goal.name, results.ends(rows)
    failed, iterations = sum(bool(row["failure"]) for row in ends), sum(row["iterations"] for row in ends)
    hours = sum(row["seconds"] for row in rows) / 3600
    text = [
        f"{len(ends)} models by {search.tuner} search, {failed} of them failed, of up to {search.iterations} generator "
        f"iterations each, evaluated every {search.hypermodel.epoch_iterations} under {search.protocol}. In all "
        f"{iterations} iterations, {hours:.2f} hours of training and evaluation.",
        results.fewer(search, rows),
        f"Objective: {name}, {search.goal.direction}. "
        + (f"Best: {winner[name]:.4g}, trial {winner['trial']}." if winner else "No trial came to its end."),
        "A failed trial (a cross) has the score of an untrained generator or of one collapsed to one image, whichever "
        "is worse.",
        _on_expected_best(search, rows),
        "Importances are a random forest's, on ranks of the score, by giving held-out trials one hyperparameter of the "
        "others; they are shares of a variance, and too low where the forest has few trials to learn from: none below "
        f"{analysis.ENOUGH}.",
    ]
    paragraphs = [f"<p>{html.escape(each)}</p>" for each in text if each]
    images = [f'<p><img src="{picture}" alt="{picture}"></p>' for picture in pictures]
    return _PAGE.format(
        title=html.escape(f"Search: {search.recipe.game['name']} on {search.recipe.data['name']}"),
        body="\n".join([*paragraphs, *images, _table(sorted(rows, key=lambda row: row is not winner))]),
    )


def _on_expected_best(search, rows):
    if search.tuner == "bayesian":
        return "There is no expected best of fewer trials: a Bayesian search's draws follow the scores."
    words = "The expected best is the bootstrap's, its band from 16 % to 84 % of it, and not of training again."
    if search.tuner == "hyperband":
        alike = results.independent(rows)
        words += f" It and the importances are of the {len(alike)} models that began with {alike[0]['up_to']} "
        words += "iterations: those that went on were chosen by their score."
    return words


def _table(rows):
    def line(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{html.escape(_short(cell))}</{tag}>" for cell in cells) + "</tr>"

    return "\n".join(["<table>", line(rows[0], "th"), *(line(row.values(), "td") for row in rows), "</table>"])


def _short(cell):
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
