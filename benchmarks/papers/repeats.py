"""Trainings by seeds: each is kept on disk when it ends, and more are added until every claim is decided.

    runs/papers/NAME/SETTINGS/SEED.json

holds one seed's record, how long it took, when, where and by what; SETTINGS is a hash of the settings, the number of
seeds aside, of the backend where it is not TensorFlow, and of how that rounds where the environment says so. A run that
was stopped goes on with the next seed, and one that finds all of them trains nothing. Whoever changes a training
deletes its folder. Of trainings that take hours the seeds are kept beside the results, in benchmarks/papers/records,
as part of the project.
"""

import dataclasses
import datetime
import hashlib
import json
import os
import pathlib
import time

import keras

from benchmarks.machine import machine, versions
from benchmarks.papers.report import UNDECIDED
from wgan_keras.files.saving import whole_file

WORK = pathlib.Path("runs/papers")
RECORDS = pathlib.Path(__file__).parent / "records"
ROUNDING = "TF_ENABLE_ONEDNN_OPTS"
MADE = ("date", "machine", "versions", "backend")  # of a seed; those of early ones have not all of it
STEP = 5  # seeds between two looks at the claims: fewer decide nothing, and every look is a chance to be wrong


def until_decided(name, train, conclude, settings, folder=None):
    """The `Result` of a benchmark of this name.

    Args:
        train: seeds, settings -> an iterator over their records, ready for JSON.
        conclude: records of the seeds 0, 1, 2, ... and settings -> `Result`.
        settings: a NamedTuple; `settings.seeds` is the most that are trained.
        folder: where seeds are kept; None: WORK.
    """
    started = time.perf_counter()
    folder = (folder or WORK) / name / _hash(settings)
    count = min(STEP, settings.seeds)
    while True:
        kept = _kept(folder, train, count, settings)
        result = conclude([each["record"] for each in kept], settings)
        if count == settings.seeds or all(claim.verdict != UNDECIDED for claim in result.claims):
            break
        count = min(count + STEP, settings.seeds)
    before = sum(each["seconds"] for each in kept) - (time.perf_counter() - started)
    seeds = list(range(count))
    return dataclasses.replace(result, seeds=seeds, seconds_before=max(0.0, before), trainings=_made(kept))


def _kept(folder, train, count, settings):
    """What is kept in `folder` of the seeds below `count`, after training those that are missing."""
    files = [folder / f"{seed}.json" for seed in range(count)]
    missing = [seed for seed, file in enumerate(files) if not file.exists()]
    started = time.perf_counter()
    for seed, record in zip(missing, train(missing, settings) if missing else (), strict=True):
        seconds, started = time.perf_counter() - started, time.perf_counter()
        kept = {
            "seed": seed,
            "settings": settings._asdict(),
            "date": datetime.date.today().isoformat(),
            "machine": machine(),
            "versions": versions(),
            "backend": keras.backend.backend(),
            "seconds": round(seconds, 1),
            "record": record,
        }
        with whole_file(files[seed]) as temporary:
            temporary.write_text(json.dumps(kept) + "\n")
    return [json.loads(file.read_text()) for file in files]


def _made(kept):
    """[{"seeds", and each of MADE, None where it is not known}]: seeds of one day, machine and backend together."""
    found = []
    for each in kept:
        made = {name: each.get(name) for name in MADE}
        alike = next((one for one in found if {name: one[name] for name in MADE} == made), None)
        if alike is None:
            found.append(alike := {"seeds": []} | made)
        alike["seeds"].append(each["seed"])
    return found


def _hash(settings):
    key = {key: value for key, value in settings._asdict().items() if key != "seeds"}
    if ROUNDING in os.environ:
        key[ROUNDING] = os.environ[ROUNDING]
    if keras.backend.backend() != "tensorflow":  # its seeds were kept before there were others
        key["backend"] = keras.backend.backend()
    text = json.dumps(key, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
