"""Do the verdicts stay when the numbers are rounded otherwise: the results of a second run against the kept ones.

    python -m benchmarks.papers.agreement FOLDER --how "oneDNN off"

reads FOLDER/NAME/result.json, as `TF_ENABLE_ONEDNN_OPTS=0 python -m benchmarks.papers --out FOLDER` writes them, and
keeps their verdicts in results/second_run.json. Seeds that are rounded otherwise are kept apart; on another processor,
begin without those of the first. A claim that both runs decide must have one verdict; the exit status is 1 where one
has two.
"""

import datetime
import pathlib
import sys

from benchmarks import command_line
from benchmarks.machine import machine
from benchmarks.papers import page
from benchmarks.papers.__main__ import NAMES
from benchmarks.papers.report import RESULTS, UNDECIDED
from wgan_keras.files.saving import write_json

KEPT = RESULTS / "second_run.json"


def verdicts(folder):
    """{benchmark: {claim: verdict}} of a folder of results."""
    return {
        result["name"]: {claim["claim"]: claim["verdict"] for claim in result["claims"]}
        for result in page.read(NAMES, folder)
    }


def disagreements(one, other):
    """(benchmark, claim, verdict, verdict) of each claim that both decide, and decide otherwise."""
    return [
        (name, claim, verdict, other[name][claim])
        for name, claims in one.items()
        for claim, verdict in claims.items()
        if claim in other.get(name, {})
        and UNDECIDED not in (verdict, other[name][claim])
        and verdict != other[name][claim]
    ]


def main():
    parser = command_line.parser("benchmarks.papers.agreement", __doc__)
    parser.add_argument("folder", type=pathlib.Path, help="the results of the second run")
    parser.add_argument("--how", required=True, help="in what it differed, in words")
    options = parser.parse_args()
    second = verdicts(options.folder)
    if not second:
        parser.error(f"{options.folder} holds no NAME/result.json; expected the --out of a run of benchmarks.papers.")
    record = {
        "how": options.how,
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "verdicts": second,
    }
    write_json(KEPT, record)
    found = disagreements(verdicts(RESULTS), second)
    for name, claim, *both in found:
        print(f"{name}: {claim}: {both[0]}, then {both[1]}")
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
