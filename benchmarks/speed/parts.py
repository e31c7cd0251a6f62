"""What the parts of a game cost: steps with a part against steps without it, in one process, in turns.

    python -m benchmarks.speed.parts [--only labels ...]

Each comparison times two games of the same networks, one after the other in every round, so that whatever else the
machine does falls on both; the ratio is the median of the ratios within the rounds. "The same game twice" tells how
exact that is. An unrolled GAN of k steps stands against a GAN with 1 + k more critic updates. The parts are on
WGAN-GP's step of 28x28 pictures, the unrolled ones on a GAN's of pictures and of points. Writes
benchmarks/speed/results/parts.json and its table in docs/speed.md, in about ten minutes on two cores.
"""

import pathlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import wgan_keras as wk
from benchmarks import command_line, earlier, machine, pages
from benchmarks.speed import RESULTS, workloads
from benchmarks.speed.timing import in_turns, spread
from benchmarks.speed.workloads import WORKLOADS
from wgan_keras import objectives, views
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.parts"
RESULT = RESULTS / "parts.json"
ROUNDS = 21
CLASSES = 10
PICTURES, POINTS = WORKLOADS["dcgan_28x28x1"], WORKLOADS["mlp_3x128"]


class Comparison(NamedTuple):
    """Two games on a workload: functions of it that return one compiled. The first takes `at_most` times as long."""

    workload: workloads.Workload
    part: Callable
    plain: Callable
    at_most: float


def _wgan_gp(packed=1, classes=None, **arguments):
    """`packed` pictures at once are judged by a critic of as many times the channels."""

    def build(workload):
        *sides, channels = workload.shape
        generator = wk.networks.dcgan_generator(workload.shape, workload.latent_dim, workload.width, classes=classes)
        critic = wk.networks.dcgan_critic((*sides, packed * channels), workload.width, classes=classes)
        return _compiled(wk.WGANGP(generator, critic, seed=0, **arguments), workload)

    return build


def _gan(**arguments):
    def build(workload):
        return _compiled(wk.GAN(*workload.networks("WGANGP"), seed=0, **arguments), workload)  # no batch normalization

    return build


def _compiled(game, workload):
    game.compile(*workloads.optimizers(), **workload.compile)
    return game


def _unrolled(workload, k):
    return Comparison(workload, _gan(objective=objectives.Unrolled(k)), _gan(n_critic=2 + k), at_most=1.0)


COMPARISONS = {
    "the same game twice": Comparison(PICTURES, _wgan_gp(), _wgan_gp(), 1.01),
    "no views, no penalties, no objective": Comparison(
        PICTURES, _wgan_gp(views=[], penalties=[], objective=None), _wgan_gp(), 1.01
    ),
    "unrolled, 0 steps": Comparison(PICTURES, _gan(objective=objectives.Unrolled(0)), _gan(), 1.01),
    "instance noise": Comparison(PICTURES, _wgan_gp(views=[views.InstanceNoise(0.1)]), _wgan_gp(), 1.05),
    "differentiable augmentation": Comparison(PICTURES, _wgan_gp(views=[views.DiffAugment()]), _wgan_gp(), 1.05),
    "packing, 2": Comparison(PICTURES, _wgan_gp(packed=2, views=[views.Pack(2)]), _wgan_gp(), 1.05),
    "packing, 4": Comparison(PICTURES, _wgan_gp(packed=4, views=[views.Pack(4)]), _wgan_gp(), 1.05),
    "labels": Comparison(PICTURES, _wgan_gp(classes=CLASSES), _wgan_gp(), 1.05),
    **{f"unrolled, {k} steps": _unrolled(PICTURES, k) for k in (1, 5, 10)},
    **{f"unrolled, {k} steps, points": _unrolled(POINTS, k) for k in (1, 5, 10)},
}


def compare(comparison, rounds=ROUNDS):
    """Milliseconds a step of both, and their ratio."""
    workload = comparison.workload
    games = {"part": comparison.part(workload), "plain": comparison.plain(workload)}
    steps = {name: workloads.keras_steps(game, batch(workload, game), workload.steps) for name, game in games.items()}
    seconds = in_turns(steps, rounds)
    return {
        "workload": workload.name,
        "milliseconds_a_step": {name: spread(1000 * each / workload.steps) for name, each in seconds.items()},
        "times_as_long": spread(seconds["part"] / seconds["plain"]),
        "at_most": comparison.at_most,
    }


def batch(workload, game):
    """What one step takes: images, or (images, labels)."""
    images = workload.images(workload.m * game.n_critic)
    return (images, np.arange(len(images)) % CLASSES) if game.takes_labels else images


def markdown(record):
    """The table; what takes longer than it may is bold."""
    lines = [
        f"{machine.measured(record)}. "
        "Milliseconds a step with the part and without it, and the median and quartiles of their ratio in one round. "
        "Unrolled GANs stand against a GAN with 1 + k more critic updates; what takes longer than it may is bold."
        f"{earlier.in_words(record['comparisons'].items())}",
        "",
        "| part | networks | ms with it | ms without | times as long | at most |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in record["comparisons"].items():
        ratio, at_most = row["times_as_long"], row["at_most"]
        median = pages.bold_unless(f"{ratio['median']:.3f}", ratio["median"] <= at_most)
        with_it, without = (f"{row['milliseconds_a_step'][each]['median']:.3g}" for each in ("part", "plain"))
        low, high = ratio["quartiles"]
        cells = [name, row["workload"], with_it, without, f"{median} ({low:.3f} to {high:.3f})", f"{at_most:g}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--only", nargs="+", choices=COMPARISONS, default=list(COMPARISONS), help="default: all")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="timings of each game; %(default)s")
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s; the table is of this one alone")
    return parser.parse_args()


def main():
    options = parse()
    kept, found = earlier.read(options.out, {}), {}
    for name in options.only:
        found[name] = compare(COMPARISONS[name], options.rounds)
        print(name, found[name]["times_as_long"], flush=True)
    comparisons = earlier.merged(kept, "comparisons", found, COMPARISONS)
    record = {**machine.provenance(MODULE), "rounds": options.rounds, "comparisons": comparisons}
    write_json(options.out, record)
    if options.out == RESULT:
        pages.put("parts", markdown(record))


if __name__ == "__main__":
    main()
