"""README.md and the pictures of the study, from the records of the games that were played."""

import csv

import numpy as np

from benchmarks.spread import spread
from benchmarks.study import trainings
from benchmarks.study.record import Record
from wgan_keras.files.saving import whole_file
from wgan_keras.games import GAMES
from wgan_keras.presets import table
from wgan_keras.tuning import analysis, report

LIMITS = """\
What these numbers do not show: which game is best. The budget is counted in generator iterations, of which a game with
n_critic = 5 makes five times as many critic updates. Games with as many hyperparameters drew the same values, so that
curves and winners are not independent of each other; trials are short, and what wins early need not win late; one
space, one data set, one small architecture and one extractor were tried, and the extractor was trained on the same
images. A trial's score is the best of its evaluations by one seed, which flatters it: compare the retrained scores, of
samples by another seed, whose spread is over training seeds. Of a training that diverged the best state before it
counts, which flatters games that do. Presets are one training each, with hyperparameters chosen by hand, and their
networks need not be of the winners' size: see the parameters. Their hyperparameters in the winners' place, in networks
of that size, with the same batches, iterations and seeds, are what a winner is to be compared with.
"""


def write(out):
    """Writes the page of the games in the folder `out`, with the presets there."""
    games = {name: Record(out / name / "study.json") for name in GAMES if (out / name / "study.json").exists()}
    presets = {path.stem: Record(path) for path in sorted(out.glob("presets/*.json"))}
    objective, direction = (next(iter(games.values()))[of] for of in ("objective", "direction"))
    scores = {game: _scores(out / game / "trials.csv", objective) for game in games}
    curves = {game: analysis.expected_best(each, direction) for game, each in scores.items()}
    report.save(report.best_curves(curves, objective), out / "expected_best.png")
    if any(record.trainings for record in [*games.values(), *presets.values()]):
        report.save(trainings.figure(games, presets, _score_name(objective)), out / "trainings.png")
    with whole_file(out / "README.md") as temporary:
        temporary.write_text(text(games, presets))


def _scores(path, objective):
    with open(path) as file:
        return [float(row[objective]) for row in csv.DictReader(file)]


def text(games, presets):
    """README.md: the scores in a table, and `LIMITS`."""
    first = next(iter(games.values()))
    name = _score_name(first["objective"])
    trained, parameters = f"trained for long, {name}", "parameters, generator and critic"
    header = ["", "trials", "failed", "critic updates", "best trial", trained, parameters]
    lines = [
        "# Which game reaches which score",
        "",
        "![expected best score against the number of trials](expected_best.png)",
        "",
        f"Under {first['protocol']}, where real images score {first['real_against_real'][name]:.3g}:",
        "",
        f"| {' | '.join(header)} |",
        "|---" * len(header) + "|",
        *(_row(game, record, name) for game, record in games.items()),
        *(row for preset, record in presets.items() for row in _preset_rows(preset, record, name)),
        "",
        "Made by",
        "",
        *(f"- {game}: {_origin(record['search'])}" for game, record in games.items()),
        *(f"- {preset}: {_origin(record['as_it_is'])}" for preset, record in presets.items()),
        "",
        *_comparisons(games, presets, name),
    ]
    return "\n".join([*lines, LIMITS])


def _row(game, record, name):
    found = record["search"]
    best = f"{found['best'][record['objective']]:.3g}" if found["best"] else "none"
    cells = [f"[{game}]({game}/report.html)", found["trials"], found["failed"], f"{found['critic_updates']:,}", best]
    cells += [_retrained(record, name), _parameters(record.trainings)] if record.trainings else ["", ""]
    return f"| {' | '.join(map(str, cells))} |"


def _preset_rows(preset, record, name):
    found = record["as_it_is"]
    yield f"| preset {preset} | | | | | {found[name]:.3g} | {_parameters([found])} |"
    if record.trainings:
        cells = f"{_retrained(record, name)} | {_parameters(record.trainings)}"
        yield f"| {preset}'s hyperparameters in the winners' place | | | | | {cells} |"


def _comparisons(games, presets, name):
    """What the trainings say of each winner and the hyperparameters that a preset has by hand; [] without any."""
    lines = []
    for preset, record in presets.items():
        game = record["recipe"]["game"]["name"]
        ours, theirs = _values(games[game], name) if game in games else [], _values(record, name)
        if ours and theirs:
            verdict = _verdict(ours, theirs, games[game]["direction"])
            lines.append(
                f"- {game}: the search's winner is {verdict} {preset}'s hyperparameters, which were chosen by hand: "
                f"{np.mean(ours):.3g} against {np.mean(theirs):.3g}."
            )
    shown = ["![scores by iteration](trainings.png)", "", "What they show, of trainings in the winners' place:", ""]
    return lines and [*shown, *lines, ""]


def _verdict(ours, theirs, direction):
    if direction == "max":
        ours, theirs = theirs, ours
    if max(ours) < min(theirs):
        return "by every seed better than"
    return "by every seed worse than" if max(theirs) < min(ours) else "no farther than seeds are from"


def _values(record, name):
    """The scores of the trainings that came to one."""
    return [each[name] for each in record.trainings if name in each]


def _retrained(record, name):
    """Mean ± standard deviation (n - 1) over the seeds that came to a score, and how many did not."""
    values, iterations = _values(record, name), record["retrained"]["iterations"]
    diverged, count = sum(bool(each["failure"]) for each in record.trainings), len(record.trainings)
    shown = table.spread(*spread(values).values(), ".3g", ".2g") if values else "none"
    return f"{shown} ({len(values)} of {count} seeds, {diverged} diverged, {iterations:,} iterations)"


def _parameters(scores):
    counts = next((each["parameters"] for each in scores if "parameters" in each), {})
    return " and ".join(f"{count:,}" for count in counts.values())


def _origin(found):
    return f"`{found['command']}`, {found['date']}, {found['machine']}, keras {found['keras']}"


def _score_name(objective):
    """What a score is called where an objective is "val_fid_final" or the like."""
    return objective.removeprefix("val_").removesuffix("_final")
