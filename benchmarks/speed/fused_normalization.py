"""Whether fused batch normalization in bfloat16 trains as well as Keras's own: the same trainings with either.

    python -m benchmarks.speed.fused_normalization [--width 16] [--games gan wgan]

trains the standard recipe on Fashion-MNIST in mixed_bfloat16, ITERATIONS generator iterations by each of SEEDS, once
with each form of batch normalization, and scores 10,000 samples EVERY iterations. Stopped, the same command goes on.
Writes benchmarks/speed/results/fused_normalization.json after every game: the scores at the end and at their best by
game, form and seed, and whether the means lie within the spread of the seeds. `python -m benchmarks.speed.table` puts
it into docs/speed.md.
"""

import contextlib
import dataclasses
import json
import pathlib
from unittest import mock

import numpy as np

from benchmarks import command_line, earlier, machine, trainings
from benchmarks.papers.means import mean
from benchmarks.speed import RESULTS
from wgan_keras import backend
from wgan_keras.files.saving import write_json
from wgan_keras.recipes import standard

MODULE = "benchmarks.speed.fused_normalization"
RESULT = RESULTS / "fused_normalization.json"
ITERATIONS = 5_000
EVERY = 1_000
SEEDS = (0, 1, 2)
GAMES = ("gan", "wgan")
FORMS = {
    "fused": contextlib.nullcontext,
    "keras": lambda: mock.patch.object(backend, "batch_normalization", lambda x: None),
}


def recipe(game, seed, width):
    evaluation = {"protocol": "fid_fashion_mnist_classifier_10k", "every": EVERY}
    described = standard(
        {"name": game, "ema_decay": 0.999, "seed": seed},
        {"name": "fashion_mnist"},
        (28, 28, 1),
        width=width,
        iterations=ITERATIONS,
        dtype_policy="mixed_bfloat16",
    )
    return dataclasses.replace(described, evaluation=evaluation)


def train(game, form, seed, width, folder):
    """{"end": the score, "best": the lowest} of one training, done, gone on with or begun."""
    with FORMS[form]():
        trainings.finish(recipe(game, seed, width), folder)
    scores = json.loads((folder / "scores.json").read_text())
    return {"end": round(scores["last"]["fid"], 3), "best": round(scores["best"]["fid"], 3)}


def compare(found):
    """How far the means of the two forms are apart, in standard errors of their difference, for each score."""
    apart = {}
    for score in ("end", "best"):
        fused, plain = (mean([one[score] for one in found[form].values()]) for form in ("fused", "keras"))
        difference, error = abs(fused.value - plain.value), np.hypot(fused.error, plain.error)
        apart[score] = {
            "fused": round(fused.value, 3),
            "keras": round(plain.value, 3),
            "standard_errors_apart": round(float(difference / error), 2),
            "within_the_spread": bool(difference <= 2 * error),
        }
    return apart


def markdown(record):
    """The table: the fid of both forms at the end, means over the seeds, and how far they are apart."""
    lines = [
        f"{machine.measured(record)}: fid "
        f"(Fashion-MNIST classifier) of 10,000 samples after {record['iterations']:,} iterations at width "
        f"{record['width']}, mean of {len(SEEDS)} seeds, and by how many standard errors the means differ."
        f"{earlier.in_words(record['games'].items())}",
        "",
        "| game | fused | Keras's own | standard errors apart | within the spread of the seeds |",
        "|---|---|---|---|---|",
    ]
    for game, found in record["games"].items():
        end = found["means"]["end"]
        means = [f"{end[form]:.2f}" for form in FORMS]
        within = "yes" if end["within_the_spread"] else "**no**"
        lines.append("| " + " | ".join([game, *means, f"{end['standard_errors_apart']:.1f}", within]) + " |")
    return "\n".join(lines)


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--width", type=int, default=16, help="filters of the finest stage; %(default)s")
    parser.add_argument("--games", nargs="+", choices=GAMES, default=list(GAMES), help="default: both")
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs/fused_normalization"))
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s")
    arguments = parser.parse_args()
    settings = {"width": arguments.width, "iterations": ITERATIONS}
    kept, games = earlier.read(arguments.out, settings), {}
    for game in arguments.games:
        games[game] = {"scores": {form: {} for form in FORMS}}
        for seed in SEEDS:
            for form in FORMS:
                folder = arguments.runs / f"{game}_{arguments.width}_{form}_{seed}"
                found = train(game, form, seed, arguments.width, folder)
                games[game]["scores"][form][str(seed)] = found
                print(game, form, seed, found, flush=True)
        games[game]["means"] = compare(games[game]["scores"])
        record = {
            **machine.provenance(MODULE),
            **settings,
            "games": earlier.merged(kept, "games", games, GAMES),
        }
        write_json(arguments.out, record)


if __name__ == "__main__":
    main()
