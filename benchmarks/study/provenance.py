"""What made a number of the study: the command, the day, the machine."""

import argparse
import datetime
import os
import platform
import shlex
import sys

import keras


def of_now(workers=1):
    return {
        "command": f"python -m benchmarks.study {shlex.join(_deciding(sys.argv[1:]))}",
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {workers} at once",
        "keras": keras.version(),
    }


def _deciding(arguments):
    """Those of the command line that a number can depend on: not the folders."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for folder in ("--work", "--out"):
        parser.add_argument(folder)
    return parser.parse_known_args(arguments)[1]
