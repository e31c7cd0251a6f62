"""How long the command takes from its start to its end, for short work: what a user waits for.

    python -m benchmarks.speed.start_up

Each of COMMANDS is run ROUNDS times as a process of its own, in turns; two runs before them are not counted, as they
fill the operating system's cache of files. Writes benchmarks/speed/results/start_up.json; its table is in
docs/speed.md. It takes about a minute.
"""

import pathlib
import subprocess
import sys
import tempfile

from benchmarks import machine, pages
from benchmarks.speed import RESULTS
from benchmarks.speed.timing import in_turns, spread
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.start_up"
RESULT = RESULTS / "start_up.json"
ROUNDS = 7
COMMANDS = {  # the command's words: seconds that it may take
    "list": 1.0,
    "sample wgan_gp_fashion_mnist -n 1": 5.0,
    "sample wgan_gp_fashion_mnist": 5.0,
}


def run(command, folder):
    """Runs `wgan-keras command` in a folder to its end."""
    subprocess.run(
        [sys.executable, "-m", "wgan_keras.cli", *command.split()], cwd=folder, check=True, capture_output=True
    )


def measure(commands=COMMANDS, rounds=ROUNDS):
    """{command: seconds}, median and quartiles, beside what it may take."""
    with tempfile.TemporaryDirectory() as folder:
        subjects = {command: lambda command=command: run(command, pathlib.Path(folder)) for command in commands}
        seconds = in_turns(subjects, rounds)
    return {command: {**spread(each, 2), "at_most": commands[command]} for command, each in seconds.items()}


def markdown(record):
    """The table; what takes longer than it may is bold."""
    lines = [
        f"{machine.measured(record)}: seconds "
        f"from a command's start to its end, median and quartiles of {ROUNDS}. What takes longer than it may is bold.",
        "",
        "| `wgan-keras` | s | quartiles | at most |",
        "|---|---|---|---|",
    ]
    for command, row in record["seconds"].items():
        median, (low, high) = row["median"], row["quartiles"]
        text = pages.bold_unless(f"{median:.2f}", median <= row["at_most"])
        lines.append(f"| `{command}` | {text} | {low:.2f} to {high:.2f} | {row['at_most']:.0f} |")
    return "\n".join(lines)


def main():
    record = {**machine.provenance(MODULE), "seconds": measure()}
    write_json(RESULT, record)
    pages.put("start_up", markdown(record))
    print(markdown(record))


if __name__ == "__main__":
    main()
