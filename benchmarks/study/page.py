"""README.md and expected_best.png of the study, from the records of the games that were played."""

import json

import numpy as np

from wgan_keras.recipes import GAMES
from wgan_keras.saving import whole_file
from wgan_keras.tuning import report

LIMITS = """\
What these numbers do not show: which game is best. The budget is counted in generator iterations, of which a game with
n_critic = 5 makes five times as many critic updates; trials are short, and what wins early need not win late; one
space, one data set, one small architecture and one extractor were tried, and the extractor was trained on the same
images. A trial's score is the best of its evaluations by one seed, which flatters it: compare the retrained scores, of
samples by another seed, whose spread is over training seeds. Of a training that diverged the best state before it
counts, which flatters games that do. Presets are one training each, with hyperparameters chosen by hand, and their
networks need not be of the winners' size: see the parameters. Their hyperparameters in the winners' place, in the same
networks, with the same batches, iterations and seeds, are what a winner is to be compared with.
"""


def write(out):
    """Writes the page of the games in the folder `out`, with the presets there."""
    games = {name: _read(out / name / "study.json") for name in GAMES if (out / name / "study.json").exists()}
    presets = {path.stem: _read(path) for path in sorted(out.glob("presets/*.json"))}
    objective = next(iter(games.values()))["objective"]
    found = {game: record["search"]["expected_best"] for game, record in games.items()}
    curves = {game: (np.array(best["mean"]), np.array(best["std"])) for game, best in found.items()}
    report.save(report.best_curves(curves, objective), out / "expected_best.png")
    with whole_file(out / "README.md") as temporary:
        temporary.write_text(text(games, presets))


def _read(path):
    return json.loads(path.read_text())


def text(games, presets):
    """README.md: the scores in a table, and `LIMITS`."""
    first = next(iter(games.values()))
    name = _score_name(first["objective"])
    lines = [
        "# Which game reaches which score",
        "",
        "![expected best score against the number of trials](expected_best.png)",
        "",
        f"Under {first['protocol']}, where real images score {first['real_against_real'][name]:.3g}:",
        "",
        f"| | trials | failed | best trial | trained for long, {name} | parameters, generator and critic |",
        "|---|---|---|---|---|---|",
        *(_row(game, record, name) for game, record in games.items()),
        *(row for preset, record in presets.items() for row in _preset_rows(preset, record, name)),
        "",
        "Made by",
        "",
        *(f"- {game}: {_origin(record)}" for game, record in games.items()),
        "",
    ]
    return "\n".join([*lines, LIMITS])


def _row(game, record, name):
    found, again = record["search"], record.get("retrained")
    best = f"{found['best'][record['objective']]:.3g}" if found["best"] else "none"
    cells = [f"[{game}]({game}/report.html)", found["trials"], found["failed"], best]
    cells += [_retrained(again, name), _parameters(again["seeds"])] if again else ["", ""]
    return f"| {' | '.join(map(str, cells))} |"


def _preset_rows(preset, record, name):
    found = record["as_it_is"]
    yield f"| preset {preset} | | | | {found[name]:.3g} | {_parameters([found])} |"
    if again := record.get("retrained"):
        cells = f"{_retrained(again, name)} | {_parameters(again['seeds'])}"
        yield f"| {preset}'s hyperparameters in the winners' place | | | | {cells} |"


def _retrained(again, name):
    """Mean ± standard deviation (n - 1) over the seeds that came to a score, and how many did not."""
    values = [each[name] for each in again["seeds"] if name in each]
    diverged, count = sum(bool(each["failure"]) for each in again["seeds"]), len(again["seeds"])
    shown = f"{np.mean(values):.3g}" if values else "none"
    if len(values) > 1:
        shown += f" ± {np.std(values, ddof=1):.2g}"
    return f"{shown} ({len(values)} of {count} seeds, {diverged} diverged, {again['iterations']:,} iterations)"


def _parameters(scores):
    counts = next((each["parameters"] for each in scores if "parameters" in each), {})
    return " and ".join(f"{count:,}" for count in counts.values())


def _origin(record):
    found = record["search"]
    return f"`{found['command']}`, {found['date']}, {found['machine']}, keras {found['keras']}, {found['hours']} hours"


def _score_name(objective):
    """What a score is called where an objective is "val_fid_final" or the like."""
    return objective.removeprefix("val_").removesuffix("_final")
