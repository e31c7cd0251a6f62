"""Modes that a generator reaches, by technique, beside published numbers: points in the plane, stacked garments.

    python -m benchmarks.papers.collapse [--sets ring grid] [--seeds 10] [--full]

trains each technique by each seed in the set-up of `points` and keeps every training at once in
results/collapse/SET.json; the same command goes on after a kill. --table alone writes the page from what there is.
"""

import argparse
import time

from benchmarks.papers.collapse import points, record, table
from benchmarks.papers.collapse.techniques import TECHNIQUES


def parse():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m benchmarks.papers.collapse", description=__doc__, formatter_class=plain)
    parser.add_argument("--sets", nargs="+", choices=points.SETS, default=list(points.SETS), help="default: all")
    parser.add_argument("--techniques", nargs="+", choices=TECHNIQUES, default=list(TECHNIQUES), help="default: all")
    parser.add_argument("--seeds", type=int, default=10, help="trainings of each technique; %(default)s")
    parser.add_argument("--full", action="store_true", help="the papers' size instead of the reduced one")
    parser.add_argument("--table", action="store_true", help="train nothing")
    return parser.parse_args()


def train(options, records):
    """Seed by seed, so that a table of few seeds is there early."""
    settings = points.FULL if options.full else points.REDUCED
    for seed in range(options.seeds):
        for name in options.sets:
            for technique in options.techniques:
                if records[name].has(technique, seed):
                    continue
                started = time.perf_counter()
                scores = points.run(name, technique, seed, settings)
                records[name].keep(technique, seed, scores, round(time.perf_counter() - started, 1))
                print(name, technique, seed, scores, flush=True)


def main():
    options = parse()
    settings = points.FULL if options.full else points.REDUCED
    records = {name: record.Record(name, settings) for name in options.sets}
    if not options.table:
        train(options, records)
    table.write()


if __name__ == "__main__":
    main()
