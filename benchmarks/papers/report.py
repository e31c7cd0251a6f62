"""What a benchmark of the papers found, as files: claims with numbers and verdicts, pictures, how it was run.

A benchmark is a module with `REDUCED` and `FULL` settings (NamedTuples) and `run(settings) -> Result`. Its last
line is `report.main(NAME, __doc__, run, REDUCED, FULL)`, which makes it `python -m benchmarks.papers.NAME`.
"""

import argparse
import dataclasses
import datetime
import json
import math
import pathlib
import time

from benchmarks.machine import machine, versions
from wgan_keras.saving import whole_file

RESULTS = pathlib.Path(__file__).parent / "results"
PIXELS_PER_INCH = 90


@dataclasses.dataclass(frozen=True)
class Claim:
    """A statement of a source and the one number that decides it.

    source: file of the seeds, section, figure. claim: in our words. measure: what `number` is. The claim held when
    the number lies in [at_least, at_most], of which one may be None. note: what else was seen or tried.
    """

    source: str
    claim: str
    measure: str
    number: float
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def criterion(self):
        bounds = {"at least": self.at_least, "at most": self.at_most}
        return " and ".join(f"{words} {bound:g}" for words, bound in bounds.items() if bound is not None)

    @property
    def held(self):
        """False for NaN, which is in no interval."""
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return bool(low <= self.number <= high)

    def to_dict(self):
        """For JSON, which knows no infinity and no NaN: those become text."""
        number = float(self.number)
        return {
            "source": self.source,
            "claim": self.claim,
            "measure": self.measure,
            "number": number if math.isfinite(number) else str(number),
            "criterion": self.criterion,
            "verdict": "held" if self.held else "not held",
            "note": self.note,
        }


@dataclasses.dataclass(frozen=True)
class Result:
    """What `run` returns: claims; figures by name (matplotlib); the seeds; other numbers, ready for JSON."""

    claims: list
    figures: dict
    seeds: list
    numbers: dict


def write(name, title, result, settings, command, seconds, folder):
    """`folder`/NAME/result.json and its pictures, each whole or not at all; the JSON last, so that it names no
    picture that is not there.
    """
    folder = pathlib.Path(folder) / name
    pictures = []
    for label, figure in result.figures.items():
        pictures.append(f"{label}.png")
        with whole_file(folder / pictures[-1]) as temporary:
            figure.savefig(temporary, dpi=PIXELS_PER_INCH, format="png")
    record = {
        "name": name,
        "title": title,
        "command": command,
        "date": datetime.date.today().isoformat(),
        "seconds": round(seconds, 1),
        "machine": machine(),
        "versions": versions(),
        "seeds": result.seeds,
        "settings": settings._asdict(),
        "claims": [claim.to_dict() for claim in result.claims],
        "pictures": pictures,
        "numbers": result.numbers,
    }
    with whole_file(folder / "result.json") as temporary:
        temporary.write_text(json.dumps(record, indent=2, allow_nan=False) + "\n")
    return folder / "result.json"


def main(name, description, run, reduced, full):
    """The command line of one benchmark: runs it, writes its files, prints a line for each claim."""
    plain = argparse.RawDescriptionHelpFormatter
    program = f"python -m benchmarks.papers.{name}"
    parser = argparse.ArgumentParser(program, description=description, formatter_class=plain)
    parser.add_argument("--full", action="store_true", help="the paper's size instead of the reduced one")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder to write to; %(default)s")
    arguments = parser.parse_args()
    settings = full if arguments.full else reduced
    started = time.perf_counter()
    result = run(settings)
    seconds = time.perf_counter() - started
    command = program + (" --full" if arguments.full else "")
    write(name, description.partition("\n")[0], result, settings, command, seconds, arguments.out)
    for claim in result.claims:
        verdict = "held" if claim.held else "NOT HELD"
        print(f"{verdict}: {claim.claim} ({claim.measure}: {claim.number:.4g}, {claim.criterion})")
