"""Which game reaches which score: the same random search for each, its winner trained anew by several seeds.

    python -m benchmarks.study --trials 24 --iterations 1000 --retrain-iterations 20000

searches the space of "Are GANs Created Equal?" for each game on Fashion-MNIST, with the same budget for each, then
trains each winner by three seeds. The searches and runs lie in --work, and the same command goes on with them after a
kill; what is to be kept is written to --out:

    study.json           the command, the machine, every score
    README.md            the same in a table, and what it does not show
    expected_best.png    the expected best score against the number of trials, a curve a game
    GAME/                search.json, trials.csv, report.html and its pictures
"""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import shlex
import shutil
import sys

import keras
import numpy as np

from wgan_keras import data, presets, recipes, scoring, training
from wgan_keras.saving import load_model, whole_file
from wgan_keras.tuning import analysis, default_space, report, results, workers
from wgan_keras.tuning.hypermodel import default_protocol
from wgan_keras.tuning.search import Search

RESULTS = pathlib.Path(__file__).parent / "results/study"
EVALUATIONS = 20  # of a winner's training
KEPT = ("search.json", "trials.csv", "report.html", "*.png")
LIMITS = """\
What these numbers do not show: which game is best. The budget is counted in generator iterations, of which a game with
n_critic = 5 makes five times as many critic updates; trials are short, and what wins early need not win late; one
space, one data set, one small architecture and one extractor were tried, and the extractor was trained on the same
images. A trial's score is the best of its evaluations by one seed, which flatters it: compare the retrained scores, of
samples by another seed, whose spread is over training seeds. Of a training that diverged the best state before it
counts, which flatters games that do. Presets are one training each, with hyperparameters chosen by hand, and their
networks need not be of the winners' size: see the parameters.
"""


def recipe_of(game, options):
    shape = data.load_raw(options.data, "test").shape[1:]
    fields = {"width": options.width, "batch_size": options.batch_size}
    given = {"name": game, "ema_decay": options.ema_decay, "seed": 0}
    return recipes.standard(given, {"name": options.data}, shape, **fields)


def search_of(game, options):
    """The game's search, run to its end in its folder below --work."""
    recipe, out = recipe_of(game, options), options.work / game
    budget = {"iterations": options.iterations, "epoch_iterations": options.epoch_iterations, "trials": options.trials}
    protocol = options.protocol or default_protocol(recipe)
    search = Search(recipe, default_space(recipe), protocol, seed=options.seed, **budget)
    search.save(out)
    workers.run_saved(search, out, options.workers)
    report.write(out)
    return search


def found_by(search, out):
    """What the search found, for study.json."""
    rows, goal = results.read(out), search.goal
    mean, std = analysis.expected_best([row[goal.name] for row in rows], goal.direction)
    return {
        "trials": len(rows),
        "failed": sum(bool(row["failure"]) for row in rows),
        "generator_iterations": sum(row["iterations"] for row in results.ends(rows)),
        "critic_updates": sum(row["critic_updates"] for row in results.ends(rows)),
        "hours": round(sum(row["seconds"] for row in rows) / 3600, 2),
        "best": results.best(rows, goal),
        "expected_best": {"mean": mean.tolist(), "std": std.tolist()},
    }


def retrained(out, search, options):
    """The winner in `out` by each seed: [{"seed", "failure", and, if it came to an evaluation, `score`}].

    The state scored is chosen as the zoo's are: the best of its evaluations, twenty here; of a training that
    diverged, those before it.

    Raises:
        FileExistsError: a run in `out` has another recipe, of another winner or length.
    """
    scores = []
    for seed in range(1, options.retrain_seeds + 1):  # 0 was the search's
        winner = results.winner(out)
        recipe = dataclasses.replace(
            winner,
            game={**winner.game, "seed": seed},
            iterations=options.retrain_iterations,
            evaluation={"protocol": search.protocol, "every": options.retrain_iterations // EVALUATIONS},
        )
        folder = out / f"retrained_{seed}"
        begun = (folder / "config.json").exists()
        if begun and recipes.Recipe.load(folder / "config.json") != recipe:
            raise FileExistsError(f"{folder} has another recipe than this winner's. Remove it, and it begins anew.")
        failure, stopped = "", None
        try:
            _, stopped = training.resume(folder) if begun else training.start(recipe, folder)
        except RuntimeError as error:  # diverged
            failure = str(error)
        if stopped:
            sys.exit(128 + stopped)
        best = folder / "best.keras"
        found = score(load_model(best), search, options) if best.exists() else {}
        scores.append({"seed": seed, "failure": failure, **found})
    return scores


def score(model, search, options):
    """{"parameters": the generator's and the critic's, every score of the protocol}.

    Of samples by a seed of its own: options.seed's chose the winners, 0's their best states and the presets'.
    """
    parameters = {role: getattr(model, role).count_params() for role in ("generator", "critic")}
    return {"parameters": parameters, **scoring.evaluate(model, search.hypermodel.evaluation, options.seed + 1).scores}


def score_name(objective):
    """What `score` calls an objective such as "val_fid_final"."""
    return objective.removeprefix("val_").removesuffix("_final")


def spread(scores, name):
    """{"mean", "std", "seeds"} of one score over the seeds that have it; std with n - 1, null for one seed."""
    values = [each[name] for each in scores if name in each]
    std = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return {"mean": float(np.mean(values)) if values else None, "std": std, "seeds": len(values)}


def text(record):
    """README.md: the scores in a table, and `LIMITS`."""
    name = score_name(record["objective"])
    lines = [
        "# Which game reaches which score",
        "",
        f"`{record['command']}`, {record['date']}, {record['machine']}; {record['protocol']}, where real images score "
        f"{record['real_against_real'][name]:.3g}.",
        "",
        "![expected best score against the number of trials](expected_best.png)",
        "",
        f"| | trials | failed | best trial | winner retrained, {name} | parameters, generator and critic |",
        "|---|---|---|---|---|---|",
    ]
    for game, found in record["games"].items():
        cells = [f"[{game}]({game}/report.html)", found["trials"], found["failed"]]
        cells.append(f"{found['best'][record['objective']]:.3g}" if found["best"] else "none")
        again = found.get("retrained")
        if again:
            seeds, (mean, std) = again["spread"]["seeds"], (again["spread"][k] for k in ("mean", "std"))
            shown = "" if mean is None else f"{mean:.3g}" + ("" if std is None else f" ± {std:.2g}")
            diverged, count = sum(bool(each["failure"]) for each in again["seeds"]), len(again["seeds"])
            cells.append(f"{shown} ({seeds} of {count} seeds, {diverged} diverged, {again['iterations']:,} iterations)")
            cells.append(_parameters(again["seeds"]))
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    for preset, found in record["presets"].items():
        lines.append(f"| preset {preset} | | | | {found[name]:.3g} | {_parameters([found])} |")
    return "\n".join([*lines, "", LIMITS])


def _parameters(scores):
    counts = next((each["parameters"] for each in scores if "parameters" in each), {})
    return " and ".join(f"{count:,}" for count in counts.values())


def parse():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--games", nargs="+", choices=list(recipes.GAMES), default=list(recipes.GAMES))
    parser.add_argument("--data", default="fashion_mnist", help="a data set by name")
    parser.add_argument("--protocol", help="how samples are scored; the one that goes with the data")
    parser.add_argument("--width", type=int, default=32, help="filters of the finest stage; 32")
    parser.add_argument("--batch-size", type=int, default=64, help="m; 64")
    parser.add_argument("--ema-decay", type=float, default=0.999, help="of the averaged generator; 0.999")
    parser.add_argument("--trials", type=int, default=24, help="of each game; 24")
    parser.add_argument("--iterations", type=int, default=1000, help="generator iterations of a trial; 1000")
    parser.add_argument("--epoch-iterations", type=int, help="iterations between evaluations; a fifth of a trial")
    parser.add_argument(
        "--retrain-iterations", type=int, help=f"train the winners for so many, a multiple of {EVALUATIONS}; not at all"
    )
    parser.add_argument("--retrain-seeds", type=int, default=3, help="how often; 3")
    parser.add_argument("--presets", nargs="*", default=[], help="to compare with, by name or folder")
    parser.add_argument("--workers", type=int, default=1, help="trials at once")
    parser.add_argument("--seed", type=int, default=0, help="of the draws of hyperparameters and of samples; 0")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("runs/study"), help="searches and runs")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="what is kept")
    options = parser.parse_args()
    if (options.retrain_iterations or 0) % EVALUATIONS:
        parser.error(f"--retrain-iterations is {options.retrain_iterations}; expected a multiple of {EVALUATIONS}.")
    return options


def main():
    options = parse()
    for name in options.presets:
        presets.open_recipe(name)  # is there
    searches = {game: search_of(game, options) for game in options.games}
    study = {game: found_by(search, options.work / game) for game, search in searches.items()}
    first = next(iter(searches.values()))
    if options.retrain_iterations:
        for game, search in searches.items():
            if not study[game]["best"]:
                continue  # all its trials failed
            scores = retrained(options.work / game, search, options)
            study[game]["retrained"] = {
                "iterations": options.retrain_iterations,
                "seeds": scores,
                "spread": spread(scores, score_name(search.goal.name)),
            }
    curves = {game: (results.read(options.work / game), search.goal) for game, search in searches.items()}
    report.save(report.best_curves(curves), options.out / "expected_best.png")
    for game in options.games:
        (options.out / game).mkdir(parents=True, exist_ok=True)
        for path in (path for pattern in KEPT for path in (options.work / game).glob(pattern)):
            with whole_file(options.out / game / path.name) as temporary:
                shutil.copyfile(path, temporary)
    record = {
        "command": f"python -m benchmarks.study {shlex.join(sys.argv[1:])}",
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {options.workers} at once",
        "keras": keras.version(),
        "protocol": first.protocol,
        "objective": first.goal.name,
        "real_against_real": first.hypermodel.evaluation.floor,
        "scoring_seed": options.seed + 1,
        "games": study,
        "presets": {name: score(presets.from_preset(name), first, options) for name in options.presets},
    }
    for name, content in (("study.json", json.dumps(record, indent=2) + "\n"), ("README.md", text(record))):
        with whole_file(options.out / name) as temporary:
            temporary.write_text(content)


if __name__ == "__main__":
    main()
