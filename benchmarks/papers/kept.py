"""Scores of trainings by kind and seed, in one JSON file that is written whole after each of them."""

import datetime
import json
import pathlib
import sys

from benchmarks import machine
from wgan_keras.files.saving import write_json


def read(path: pathlib.Path) -> dict:
    """{"settings", "trainings": {kind: {seed: scores}}, and how it was run}; {} where there is no file."""
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
        self._path, self._module = path, module
        self._kept = read(path) or {"settings": settings._asdict(), "trainings": {}}
        if self._kept["settings"] != settings._asdict():
            sys.exit(f"{path} is of {self._kept['settings']}; remove it, or run that set-up.")

    def has(self, kind, seed):
        return str(seed) in self._kept["trainings"].get(kind, {})

    def keep(self, kind, seed, scores, seconds):
        seeds = self._kept["trainings"].setdefault(kind, {})
        seeds[str(seed)] = {**scores, "seconds": round(seconds, 1), "date": datetime.date.today().isoformat()}
        self._kept |= machine.provenance(self._module)
        write_json(self._path, self._kept)
