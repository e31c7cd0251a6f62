"""Every figure and claim of the papers that runs here, one benchmark after the other, then the page of them all.

    python -m benchmarks.papers

takes under an hour on two cores at the reduced sizes (`--full`: the papers' sizes, days). A benchmark that fails is
named and the others run on; the exit status is then 1. A claim that does not hold is a result, not a failure.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

from benchmarks import page
from benchmarks.report import RESULTS

NAMES = (
    "distances",
    "eight_gaussians",
    "critic_at_optimum",
    "vanishing_gradient",
    "meaningful_loss",
    "architectures",
    "momentum",
    "clipping",
    "optimal_critic_gradient",
    "overfitting",
    "nash",
    "oscillating_modes",
)


def run(name, arguments):
    """Whether `python -m benchmarks.NAME` ended well; its output goes where ours goes."""
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    started = time.perf_counter()
    status = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], env=quiet).returncode
    outcome = "done" if status == 0 else f"FAILED with exit status {status}"
    print(f"{name}: {outcome} after {time.perf_counter() - started:.0f} s\n", flush=True)
    return status == 0


def main():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m benchmarks.papers", description=__doc__, formatter_class=plain)
    parser.add_argument("--full", action="store_true", help="the papers' sizes instead of the reduced ones")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder to write to; %(default)s")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES, help="these; none makes the page alone")
    options = parser.parse_args()
    arguments = ["--out", str(options.out), *(["--full"] if options.full else [])]
    failed = [name for name in options.only if not run(name, arguments)]
    print(page.write(NAMES, options.out))
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
