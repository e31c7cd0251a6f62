"""What made a benchmark's numbers, for its JSON: the command, the day, the machine, the versions."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import shlex
import sys


def provenance(module: str) -> dict:
    """{"command", "date", "machine", "versions"} of a benchmark that runs now as `python -m module`."""
    return {
        "command": shlex.join(["python", "-m", module, *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "versions": versions(),
    }


def measured(record: dict) -> str:
    """How a sentence about a record begins that has its `provenance`."""
    known = record["machine"]
    return f"Measured {record['date']} on {known['processor']}, {known['cores']} cores, by `{record['command']}`"


def machine() -> dict:
    """Processor, cores and memory (GiB) as the operating system tells them."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": _processor(), "cores": os.cpu_count(), "memory_gib": round(memory, 1)}


def in_words(known: dict | None = None) -> str:
    """The same in one line, of this machine or of one that a record has."""
    known = known or machine()
    return f"{known['processor']}, {known['cores']} cores, {known['memory_gib']} GiB"


def versions() -> dict:
    """Of Python and of those packages that the numbers depend on and that are installed."""
    names = ("wgan_keras", "keras", "tensorflow", "jax", "numpy", "scipy", "POT")
    found = {each.name: each.version for name in names for each in importlib.metadata.distributions(name=name)}
    return {"python": platform.python_version()} | found


def _processor():
    information = pathlib.Path("/proc/cpuinfo")  # Linux; elsewhere platform knows
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
