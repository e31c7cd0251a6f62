"""Conditional games on Fashion-MNIST against unconditional ones: the same networks, iterations and seeds.

    python -m benchmarks.labels.comparison --train
    python -m benchmarks.labels.comparison

The first trains every way by each of SEEDS, ITERATIONS generator iterations, by the optimizers of the zoo; stopped, the
same command goes on. The second scores the final states of those that are over, and writes them into
benchmarks/labels/results/comparison.json, where other ways stay. From that `python -m benchmarks.labels.table` makes a
table of docs/labels.md.
"""

import json
import pathlib
import sys

from benchmarks import command_line, earlier, machine, trainings
from benchmarks.labels import RESULTS
from benchmarks.spread import spreads
from tools.zoo.recipes import optimizers
from wgan_keras import data, load_model, scoring
from wgan_keras.files.saving import write_json
from wgan_keras.recipes import standard

MODULE = "benchmarks.labels.comparison"
RESULT = RESULTS / "comparison.json"
ITERATIONS = 5_000
SEEDS = (0, 1, 2)
WAYS = {  # name: (game, how the critic knows of labels)
    "wgan_gp_projection": ("wgan_gp", "projection"),
    "wgan_gp_classifier": ("wgan_gp", "classifier"),
    "wgan_gp": ("wgan_gp", None),
    "gan_projection": ("gan", "projection"),
    "gan": ("gan", None),
}
SAMPLING_SEED = 1  # the evaluations in training are of seed 0
PROTOCOL = "fid_fashion_mnist_classifier_10k"
CONDITIONAL_PROTOCOL = "conditional_fashion_mnist_classifier_10k"


def recipe(way, seed, width):
    game, conditioning = WAYS[way]
    labels = {"class_names": data.class_names("fashion_mnist"), "conditioning": conditioning} if conditioning else {}
    return standard(
        {"name": game, "ema_decay": 0.999, "seed": seed},
        {"name": "fashion_mnist"},
        (28, 28, 1),
        width=width,
        iterations=ITERATIONS,
        evaluation={"protocol": PROTOCOL, "every": ITERATIONS // 5},
        **labels,
        **optimizers(game, 4e-4, ITERATIONS, beta_1=0.0),
    )


def score(model, evaluations):
    """Every score of a trained game, of samples by a seed that training did not see."""
    scores = {}
    for evaluation in evaluations if model.takes_labels else evaluations[:1]:
        scores |= scoring.evaluate(model, evaluation, SAMPLING_SEED).scores
    return scores


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--train", action="store_true", help="train; else score")
    parser.add_argument("--width", type=int, default=16, help="filters of the finest stage; %(default)s")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), help="default: all")
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs/labels"), help="%(default)s")
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s")
    return parser.parse_args()


def train(options):
    for seed in SEEDS:
        for way in options.ways:
            trainings.finish(recipe(way, seed, options.width), run_of(options, way, seed))
            print(way, seed, "is over", flush=True)


def run_of(options, way, seed):
    return options.runs / f"{way}_{options.width}_{seed}"


def over(options):
    """{way: {seed: folder}} of the runs that are over."""
    found = {}
    for way in options.ways:
        folders = {seed: run_of(options, way, seed) for seed in SEEDS}
        found[way] = {seed: folder for seed, folder in folders.items() if trainings.is_over(folder)}
    return {way: seeds for way, seeds in found.items() if seeds}


def main():
    options = parse()
    if options.train:
        train(options)
        return
    settings = {"width": options.width, "iterations": ITERATIONS}
    kept = earlier.read(options.out, settings)
    folders = over(options)
    if not folders:
        sys.exit(f"No run of {', '.join(options.ways)} is over in {options.runs}; first: python -m {MODULE} --train")
    evaluations = [scoring.reference(name, "fashion_mnist") for name in (PROTOCOL, CONDITIONAL_PROTOCOL)]
    found = {}
    for way, seeds in folders.items():
        by_seed = {str(seed): score(load_model(folder / "gan.keras"), evaluations) for seed, folder in seeds.items()}
        found[way] = {"seeds": by_seed, "spread": spreads(list(by_seed.values()))}
        print(way, json.dumps(found[way]["spread"]), flush=True)
    record = {
        **machine.provenance(MODULE),
        **settings,
        "real_images": {name: value for each in evaluations for name, value in each.floor.items()},
        "ways": earlier.merged(kept, "ways", found, WAYS),
    }
    write_json(options.out, record)


if __name__ == "__main__":
    main()
