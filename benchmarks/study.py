"""Which game reaches which score: the same random search for each, its winner trained anew by several seeds.

    python -m benchmarks.study --trials 24 --iterations 1000 --retrain-iterations 20000

searches the space of "Are GANs Created Equal?" for each game on Fashion-MNIST, with the same budget for each, then
trains each winner by three seeds. The searches and runs lie in --work, and the same command goes on with them after a
kill; what is to be kept is written to --out:

    study.json           the command, the machine, every score
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
from wgan_keras.saving import whole_file
from wgan_keras.tuning import analysis, default_space, report, results, workers
from wgan_keras.tuning.hypermodel import default_protocol
from wgan_keras.tuning.search import Search, run

RESULTS = pathlib.Path(__file__).parent / "results/study"
EVALUATIONS = 20  # of a winner's training
SCORING_SEED = 1  # of the samples: those of 0 chose the winners, their best states and the presets'
KEPT = ("search.json", "trials.csv", "report.html", "*.png")


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
    if options.workers > 1:
        workers.search(out, options.workers)
    else:
        run(out)
    report.write(out)
    return search


def found_by(search, out):
    """What the search found, for study.json."""
    rows, goal = results.read(out), search.goal
    best = results.best(rows, goal)
    mean, std = analysis.expected_best([row[goal.name] for row in rows], goal.direction)
    return {
        "trials": len(rows),
        "failed": sum(bool(row["failure"]) for row in rows),
        "generator_iterations": sum(row["iterations"] for row in rows),
        "critic_updates": sum(row["critic_updates"] for row in rows),
        "hours": round(sum(row["seconds"] for row in rows) / 3600, 2),
        "best": best,
        "expected_best": {"mean": mean.tolist(), "std": std.tolist()},
    }


def retrained(out, search, options):
    """The scores of the winner in `out` by each seed: [{"seed", every score of the protocol}].

    The state scored is chosen as the zoo's are: the best of its evaluations, twenty here.
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
        _, stopped = training.resume(folder) if begun else training.start(recipe, folder)
        if stopped:
            sys.exit(128 + stopped)
        scores.append({"seed": seed, **score(presets.from_preset(folder), search)})
    return scores


def score(model, search):
    return scoring.evaluate(model, search.hypermodel.evaluation, SCORING_SEED).scores


def spread(scores):
    """{score: {"mean", "std"}} over the seeds; std with n - 1, null for one seed."""
    names = [name for name in scores[0] if name != "seed"]
    columns = {name: [each[name] for each in scores] for name in names}
    many = len(scores) > 1
    return {k: {"mean": np.mean(v), "std": np.std(v, ddof=1) if many else None} for k, v in columns.items()}


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
    return parser.parse_args()


def main():
    options = parse()
    searches = {game: search_of(game, options) for game in options.games}
    study = {game: found_by(search, options.work / game) for game, search in searches.items()}
    first = next(iter(searches.values()))
    if options.retrain_iterations:
        for game, search in searches.items():
            scores = retrained(options.work / game, search, options)
            study[game]["retrained"] = {
                "iterations": options.retrain_iterations,
                "seeds": scores,
                "scores": spread(scores),
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
        "scoring_seed": SCORING_SEED,
        "games": study,
        "presets": {name: score(presets.from_preset(name), first) for name in options.presets},
    }
    with whole_file(options.out / "study.json") as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
