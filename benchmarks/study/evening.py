"""What an evening on this machine buys: the scores that trainings on Fashion-MNIST have reached by then.

    python -m benchmarks.study.evening [--rounds 5]

times the iterations of every preset's recipe here, and of the three games with networks of other widths, one recipe
after the other in each round, and takes from each training's history the best score of the iterations that so many
hours hold; the trainings themselves ran elsewhere. Evaluations are not in the hours. Writes
benchmarks/study/results/evening.json, its picture and its table in docs/zoo.md, in about three minutes; run it while
nothing else does. `wgan-keras train benchmarks/study/results/widths/NAME/config.json --out runs/NAME` makes again the
training of another width, of which config.json and history.csv are kept.
"""

from typing import NamedTuple

from benchmarks import command_line, machine, pages
from benchmarks.speed.timing import in_turns, spread
from benchmarks.study import RESULTS, widths
from wgan_keras import callbacks, data
from wgan_keras.files.saving import write_json
from wgan_keras.presets import open_recipe, store
from wgan_keras.recipes import Recipe
from wgan_keras.tuning import report

MODULE = "benchmarks.study.evening"
DATA = "fashion_mnist"
SCORE = "val_fid"
LABEL = "fid (Fashion-MNIST classifier)"
WIDTHS = RESULTS / "widths"
HOURS = (0.25, 0.5, 1, 2)
ITERATIONS = 15  # of one timing


class Training(NamedTuple):
    recipe: Recipe
    history: list[dict]


def trainings():
    """{name: Training} of the presets of DATA, and of the other widths."""
    folders = [store.ZOO / name for name in store.list_presets()] + sorted(WIDTHS.iterdir())
    recipes = {folder: open_recipe(folder / "config.json") for folder in folders}
    return {
        folder.name: Training(recipe, callbacks.read_history(folder / "history.csv"))
        for folder, recipe in recipes.items()
        if recipe.data["name"] == DATA
    }


def iterations(recipe):
    """A function that makes ITERATIONS iterations by a recipe, as `train` does."""
    model = recipe.compile(recipe.build())
    count = ITERATIONS * recipe.batch_size * model.n_critic
    images, labels = (part[:count] for part in data.load_raw(DATA, "train", labels=True))
    given = (data.scale(images), labels) if recipe.is_conditional else data.scale(images)

    def run():
        model.fit(given, batch_size=recipe.batch_size, verbose=0)

    return run


def row(history, seconds):
    """What a training reaches, by the hours.

    Args:
        history: the rows of its history.csv.
        seconds: of an iteration, an array over the rounds.
    """
    spent = spread(seconds, 4)
    by_then = {str(hours): reached(history, hours * 3600 / spent["median"]) for hours in HOURS}
    return {
        "seconds_an_iteration": spent,
        "scores": {hours: score for hours, score in by_then.items() if score is not None},
        "iterations": history[-1]["iteration"],
        "hours": round(history[-1]["iteration"] * spent["median"] / 3600, 2),
        "best": min(each[SCORE] for each in history),
    }


def reached(history, count):
    """The best score within `count` iterations; None before the first one, and where the training is over by then."""
    scores = [each[SCORE] for each in history if each["iteration"] <= count]
    return min(scores) if scores and count <= history[-1]["iteration"] else None


def markdown(record):
    """A line a training, the best of all first."""
    hours = [f"{each:g} h" for each in HOURS]
    lines = [
        f"{machine.measured(record)}.",
        "",
        f"| training | s an iteration | {' | '.join(hours)} | the whole training |",
        "|---" * (len(hours) + 3) + "|",
    ]
    for name, each in sorted(record["trainings"].items(), key=lambda item: item[1]["best"]):
        scores = [f"{each['scores'][str(h)]:.2f}" if str(h) in each["scores"] else "" for h in HOURS]
        whole = f"{each['best']:.2f} in {each['hours']:.1f} h"
        lines.append(f"| {name} | {each['seconds_an_iteration']['median']:.3f} | {' | '.join(scores)} | {whole} |")
    return "\n".join(lines)


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--rounds", type=int, default=5, help="timings of each recipe; %(default)s")
    rounds = parser.parse_args().rounds
    found = trainings()
    seconds = in_turns({name: iterations(each.recipe) for name, each in found.items()}, rounds)
    rows = {name: row(each.history, seconds[name] / ITERATIONS) for name, each in found.items()}
    record = {**machine.provenance(MODULE), "trainings": rows}
    write_json(RESULTS / "evening.json", record)
    report.save(widths.figure(widths.by_game(found, rows, SCORE), LABEL), RESULTS / "evening.png")
    pages.put("evening", markdown(record))


if __name__ == "__main__":
    main()
