"""A benchmark that is run in part: what was measured before stays, and says when, where and by what that was."""

import json
import pathlib
import sys
from collections.abc import Iterable

from benchmarks import machine

MADE = ("command", "date", "machine", "versions")  # what `machine.provenance` tells of a record


def read(path: pathlib.Path, settings: dict) -> dict:
    """The record that is kept; {} where there is none.

    Raises:
        SystemExit: it is of other settings, so that new rows cannot stand beside its own.
    """
    kept = json.loads(path.read_text()) if path.exists() else {}
    differing = {name: kept[name] for name, value in settings.items() if kept and kept[name] != value}
    if differing:
        sys.exit(f"{path} is of {differing}; expected {settings}. Remove it, or choose another --out.")
    return kept


def marked(kept: dict, row: dict) -> dict:
    """A row of the kept record as it stands in a later one: with what measured it."""
    return {"measured": {name: kept[name] for name in MADE}} | row


def merged(kept: dict, key: str, found: dict, order: Iterable[str]) -> dict:
    """`found` by name, and of kept[key] what is not found anew, in this order."""
    both = {name: marked(kept, row) for name, row in kept.get(key, {}).items()} | found
    return {name: both[name] for name in order if name in both}


def in_words(rows: Iterable[tuple[str, dict]]) -> str:
    """A sentence for each earlier run that rows (name, row) are of, each after a space; none for the record's own."""
    names: dict[str, list[str]] = {}
    for name, row in rows:
        if "measured" in row:
            of = names.setdefault(machine.measured(row["measured"]).removeprefix("Measured "), [])
            of.extend([name] if name not in of else [])
    return "".join(f" Of an earlier run: {', '.join(each)}, {run}." for run, each in names.items())
