"""What a benchmark of the papers found, as files: claims with numbers and verdicts, pictures, how it was run.

A benchmark is a module with `REDUCED` and `FULL` settings (NamedTuples) and `run(settings) -> Result`. Its last
line is `report.main(NAME, __doc__, run, REDUCED, FULL)`, which makes it `python -m benchmarks.papers.NAME`.

A claim has one of three verdicts. A number that has no chance in it is within its bounds or not. An `Estimate` over
seeds is decided by its interval: all of it within the bounds, "held"; all of it outside, "not held"; else "undecided".
"""

import dataclasses
import datetime
import json
import math
import pathlib
import time

from benchmarks import command_line
from benchmarks.machine import machine, versions
from benchmarks.papers.estimates import Estimate, exact
from wgan_keras.files.saving import whole_file

HELD, NOT_HELD, UNDECIDED = "held", "not held", "undecided"
RESULTS = pathlib.Path(__file__).parent / "results"
PIXELS_PER_INCH = 90


@dataclasses.dataclass(frozen=True)
class Claim:
    """A statement of a source and the one number that decides it.

    source: paper, section, figure. claim: in our words. measure: what `number` is, and its unit. The claim holds when
    the number lies in [at_least, at_most], of which one may be None. note: what else was seen or tried.
    """

    source: str
    claim: str
    measure: str
    number: float | Estimate
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def estimate(self):
        return self.number if isinstance(self.number, Estimate) else exact(self.number)

    @property
    def criterion(self):
        bounds = {"at least": self.at_least, "at most": self.at_most}
        return " and ".join(f"{words} {bound:g}" for words, bound in bounds.items() if bound is not None)

    @property
    def verdict(self):
        """Of NaN, which is in no interval, "not held"."""
        least = -math.inf if self.at_least is None else self.at_least
        most = math.inf if self.at_most is None else self.at_most
        _, low, high, _ = self.estimate
        if least <= low and high <= most:
            return HELD
        return UNDECIDED if low <= most and high >= least else NOT_HELD

    def to_dict(self):
        """For JSON, which knows no infinity and no NaN: those become text."""
        value, low, high, seeds = (x if math.isfinite(x) else str(x) for x in self.estimate)
        return {
            "source": self.source,
            "claim": self.claim,
            "measure": self.measure,
            "number": value,
            "interval": [low, high] if seeds else None,
            "seeds": seeds,
            "criterion": self.criterion,
            "verdict": self.verdict,
            "note": self.note,
        }


@dataclasses.dataclass(frozen=True)
class Result:
    """What `run` returns: claims; figures by name (matplotlib); the seeds; other numbers, ready for JSON.

    seconds_before: of the trainings that were on disk already. trainings: what made the seeds that are kept on disk,
    which need not be this machine: {"seeds", "date", "machine", "versions", "backend"} of each group.
    """

    claims: list
    figures: dict
    seeds: list
    numbers: dict
    seconds_before: float = 0.0
    trainings: list = dataclasses.field(default_factory=list)


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
        "trainings": result.trainings,
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
    module = f"benchmarks.papers.{name}"
    usual = getattr(reduced, "seeds", None)
    arguments = _arguments(module, description, usual)
    settings = full if arguments.full else reduced
    if hasattr(settings, "seeds"):
        settings = settings._replace(seeds=arguments.seeds)
    started = time.perf_counter()
    result = run(settings)
    seconds = time.perf_counter() - started + result.seconds_before
    command = _command(module, arguments, usual)
    write(name, description.partition("\n")[0], result, settings, command, seconds, arguments.out)
    for claim in result.claims:
        found = claim.to_dict()
        print(f"{claim.verdict}: {claim.claim} ({claim.measure}: {in_words(found)}, {claim.criterion})")


def _command(module, arguments, usual):
    """What gives these numbers again, wherever its files go."""
    seeds = getattr(arguments, "seeds", usual)
    given = (["--full"] if arguments.full else []) + (["--seeds", str(seeds)] if seeds != usual else [])
    return " ".join(["python -m", module, *given])


def _arguments(module, description, seeds):
    parser = command_line.parser(module, description)
    parser.add_argument("--full", action="store_true", help="the paper's size instead of the reduced one")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder to write to; %(default)s")
    if seeds is not None:
        parser.add_argument("--seeds", type=int, default=seeds, help="the most seeds to train by; %(default)s")
    arguments = parser.parse_args()
    if seeds is not None and arguments.seeds < 1:
        parser.error(f"--seeds is {arguments.seeds}; expected 1 or more.")
    return arguments


def in_words(claim):
    """`estimate [low, high] (n seeds)` of a claim as JSON has it; a number without chance alone."""
    if not claim["seeds"]:
        return _digits(claim["number"])
    low, high = map(_digits, claim["interval"])
    return f"{_digits(claim['number'])} [{low}, {high}] ({claim['seeds']} seed{'s' * (claim['seeds'] > 1)})"


def _digits(value):
    """Four; what JSON could not hold came as text."""
    return value if isinstance(value, str) else f"{value:.4g}"
