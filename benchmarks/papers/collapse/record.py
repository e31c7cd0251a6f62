"""What is kept of a set's trainings: one JSON file, written whole after each of them."""

import datetime
import json
import pathlib
import sys

from benchmarks import machine
from benchmarks.papers.report import RESULTS
from wgan_keras.files.saving import whole_file

FOLDER = RESULTS / "collapse"


def path_of(name, folder=FOLDER) -> pathlib.Path:
    return folder / f"{name}.json"


def read(name, folder=FOLDER) -> dict:
    """{"settings", "techniques": {technique: {seed: scores}}, and how it was run}; {} where nothing was."""
    path = path_of(name, folder)
    return json.loads(path.read_text()) if path.exists() else {}


class Record:
    """The trainings of one set in one set-up.

    Raises:
        SystemExit: what is kept is of another set-up.
    """

    def __init__(self, name, settings, folder=FOLDER):
        self._path = path_of(name, folder)
        self._kept = read(name, folder) or {"settings": settings._asdict(), "techniques": {}}
        if self._kept["settings"] != settings._asdict():
            sys.exit(f"{self._path} is of {self._kept['settings']}; remove it, or run that set-up.")

    def has(self, technique, seed):
        return str(seed) in self._kept["techniques"].get(technique, {})

    def keep(self, technique, seed, scores, seconds):
        seeds = self._kept["techniques"].setdefault(technique, {})
        seeds[str(seed)] = {**scores, "seconds": seconds, "date": datetime.date.today().isoformat()}
        self._kept |= machine.provenance("benchmarks.papers.collapse")
        with whole_file(self._path) as temporary:
            temporary.write_text(json.dumps(self._kept, indent=2) + "\n")
