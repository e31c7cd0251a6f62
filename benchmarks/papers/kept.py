"""Scores of trainings by kind and seed, in one JSON file that is written whole after each of them."""

import json
import pathlib
import sys
import time
from collections.abc import Callable, Iterable

from benchmarks import machine
from wgan_keras.files.saving import write_json


def read(path: pathlib.Path) -> dict:
    """{"settings", "trainings": {kind: {seed: scores}}, and how it was run}; {} where there is no file.

    Of a training that does not tell its versions, kept by an earlier program, those beside "trainings" are told.
    """
    return json.loads(path.read_text()) if path.exists() else {}


class Kept:
    """The trainings of one set-up.

    Args:
        settings: a NamedTuple of what JSON gives back as it is.
        module: the one that is run, as `python -m` has it.

    Raises:
        SystemExit: what the file holds is of another set-up.
    """

    def __init__(self, path, settings, module):
        self.path, self._module = path, module
        self._kept = read(path) or {"settings": settings._asdict(), "trainings": {}}
        if self._kept["settings"] != settings._asdict():
            sys.exit(f"{path} is of {self._kept['settings']}; remove it, or run that set-up.")

    def has(self, kind, seed):
        return str(seed) in self._kept["trainings"].get(kind, {})

    def keep(self, kind, seed, scores, seconds):
        run = machine.provenance(self._module)
        made = {"date": run["date"], "machine": machine.in_words(run["machine"]), "versions": run["versions"]}
        self._put(kind, seed, scores | {"seconds": round(seconds, 1)} | made)
        self._kept |= {"command": run["command"], "date": run["date"]}
        write_json(self.path, self._kept)

    def take(self, other: "Kept") -> None:
        """What another machine kept of the same set-up, where this one lacks it.

        Raises:
            SystemExit: it kept nothing.
        """
        if not other._kept["trainings"]:
            sys.exit(f"{other.path} holds no trainings; expected the file that another machine kept.")
        for kind, seeds in other._kept["trainings"].items():
            for seed, training in seeds.items():
                if not self.has(kind, seed):
                    self._put(kind, seed, training)
        self._kept = other._kept | self._kept  # of its run, where this one has none
        write_json(self.path, self._kept)

    def _put(self, kind, seed, training):
        seeds = self._kept["trainings"].get(kind, {}) | {str(seed): training}
        self._kept["trainings"][kind] = dict(sorted(seeds.items(), key=lambda each: int(each[0])))


def fill(trainings: Iterable[tuple[Kept, str, int, Callable[[], dict]]], hours: float) -> None:
    """Makes and keeps the trainings (where, kind, seed, a function that gives its scores) that are not kept yet.

    They are made in this order; after so many hours none begins any more.
    """
    until = time.monotonic() + 3600 * hours
    for kept, kind, seed, train in trainings:
        if kept.has(kind, seed):
            continue
        if time.monotonic() > until:
            break
        started = time.perf_counter()
        scores = train()
        seconds = time.perf_counter() - started
        kept.keep(kind, seed, scores, seconds)
        print(kept.path.name, kind, seed, scores, f"{seconds:.0f} s", flush=True)
