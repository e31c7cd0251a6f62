"""Modes that a generator reaches, by technique, beside published numbers: points in the plane, stacked garments.

    python -m benchmarks.papers.collapse [--hours 8] [--jobs 2]

trains every technique of every set by seed 0, then by seed 1 and so on, keeps every training at once in
results/collapse/SET_SIZE.json, and at last draws the tables and their picture from what there is. Stopped, by --hours
or a signal, the same command goes on; --table alone draws. Several --jobs share the sets, a process for each share.
Another machine helps from --first-seed 5 on, and --take FOLDER adds the trainings that it kept there. --size longer and
full train the techniques that have published numbers.
"""

import functools
import pathlib
import subprocess
import sys

import numpy as np

from benchmarks import command_line, processes
from benchmarks.papers.collapse import table
from benchmarks.papers.collapse.games import Games
from benchmarks.papers.collapse.sets import DATA, SETS, SIZES, path_of, techniques
from benchmarks.papers.collapse.techniques import POINTS
from benchmarks.papers.kept import Kept, fill

MODULE = "benchmarks.papers.collapse"
# Of a training that ended in NaN: no sample is near a mode, and there are no shares to compare.
DIVERGED = {"modes_by_one": 0, "modes_by_share": 0, "high_quality": 0.0, "reverse_kl": None}


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="default: all")
    parser.add_argument("--techniques", nargs="+", choices=(DATA, *POINTS), help="default: all of the size")
    parser.add_argument("--size", choices=SIZES, default="reduced", help="full is the papers'; %(default)s")
    parser.add_argument("--seeds", type=int, help="trainings of each technique; default: 10 of points, 3 of stacks")
    parser.add_argument("--first-seed", type=int, default=0, help="%(default)s")
    parser.add_argument("--take", type=pathlib.Path, nargs="+", default=[], help="folders of SET_SIZE.json to add")
    parser.add_argument("--hours", type=float, default=float("inf"), help="begin no training later; default: no limit")
    parser.add_argument("--jobs", type=int, default=1, help="processes; %(default)s")
    parser.add_argument("--table", action="store_true", help="train nothing")
    return parser.parse_args()


def trainings(options):
    """(set, technique, seed) in the order of their use: a table of few seeds is complete early."""
    seeds = {name: SETS[name].seeds if options.seeds is None else options.seeds for name in options.sets}
    for seed in range(options.first_seed, max(seeds.values())):
        for name in options.sets:
            for technique in options.techniques or techniques(name, options.size):
                if seed < seeds[name] and technique in (DATA, *SETS[name].techniques):
                    yield name, technique, seed


def take(options):
    """Adds what other machines kept, each of some sets."""
    paths = {name: path_of(name, options.size) for name in options.sets}
    for folder in options.take:
        found = [name for name, path in paths.items() if (folder / path.name).is_file()]
        if not found:
            sys.exit(
                f"{folder} holds none of {', '.join(path.name for path in paths.values())}; see --take and --size."
            )
        for name in found:
            settings = SETS[name].settings(options.size)
            Kept(paths[name], settings, MODULE).take(Kept(folder / paths[name].name, settings, MODULE))


def train(options):
    settings = {name: SETS[name].settings(options.size) for name in options.sets}
    records = {name: Kept(path_of(name, options.size), settings[name], MODULE) for name in options.sets}
    games = Games()
    wanted = (
        (records[name], technique, seed, functools.partial(run, SETS[name], technique, settings[name], seed, games))
        for name, technique, seed in trainings(options)
    )
    fill(wanted, options.hours)


def run(each, technique, settings, seed, games):
    """The scores of one training on a set, or of its data."""
    if technique == DATA:
        return each.score(each.real(seed))
    game = games.begin(each, technique, settings, seed)
    each.fit(game, settings, seed)
    samples = game.sample(each.samples, seed=seed)
    return each.score(samples) if np.isfinite(samples).all() else DIVERGED


def train_in_processes(options):
    """`train` by several processes, each of which alone writes the records of its sets."""
    command = [sys.executable, "-m", MODULE, "--hours", str(options.hours), "--size", options.size]
    command += ["--first-seed", str(options.first_seed)]
    command += [] if options.seeds is None else ["--seeds", str(options.seeds)]
    command += ["--techniques", *options.techniques] if options.techniques else []
    environment = processes.sharing_cores(options.jobs)
    shares = [options.sets[i :: options.jobs] for i in range(min(options.jobs, len(options.sets)))]
    running = [subprocess.Popen([*command, "--sets", *share], env=environment) for share in shares]
    if any([process.wait() for process in running]):
        sys.exit("A process failed; see above. The same command goes on.")


def main():
    options = parse()
    take(options)
    if not options.table:
        (train if options.jobs == 1 else train_in_processes)(options)
    table.write()


if __name__ == "__main__":
    main()
