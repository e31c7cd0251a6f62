"""Every figure and claim of the papers that runs here, then the page of them all.

    python -m benchmarks.papers

takes about 40 minutes on two cores at the reduced sizes (`--full`: the papers' sizes, days). As many benchmarks run at
once as there are cores, each on its share of them. One that fails is named and the others run on; the exit status is
then 1. A claim that does not hold is a result, not a failure. Those that train on images by several seeds take longer
than that alone: they run when --only names them, and the page shows the results that are kept.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

from benchmarks import command_line, processes
from benchmarks.papers import page
from benchmarks.papers.report import RESULTS

NAMES = (
    "distances",
    "topologies",
    "kl_direction",
    "noise_mle",
    "manifolds",
    "eight_gaussians",
    "critic_at_optimum",
    "vanishing_gradient",
    "heavy_tails",
    "meaningful_loss",
    "architectures",
    "momentum",
    "critic_warm_up",
    "clipping",
    "optimal_critic_gradient",
    "overfitting",
    "nash",
    "oscillating_modes",
    "imle",
)
LONG = ("meaningful_loss", "overfitting", "vanishing_gradient")  # of these


def run(name, arguments, jobs):
    """Whether `python -m benchmarks.papers.NAME`, one of so many, ended well; prints its output when it has ended."""
    environment = {**processes.sharing_cores(jobs), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", f"benchmarks.papers.{name}", *arguments]
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    outcome = "done" if done.returncode == 0 else f"FAILED with exit status {done.returncode}"
    print(f"{done.stdout}{name}: {outcome} after {time.perf_counter() - started:.0f} s\n", flush=True)
    return done.returncode == 0


def longest_first(names):
    """By the seconds of the kept results, so that the cores end together."""
    seconds = {result["name"]: result["seconds"] for result in page.read(names, RESULTS)}
    return sorted(names, key=lambda name: -seconds.get(name, 0))


def main():
    parser = command_line.parser("benchmarks.papers", __doc__)
    parser.add_argument("--full", action="store_true", help="the papers' sizes instead of the reduced ones")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder to write to; %(default)s")
    quick = [name for name in NAMES if name not in LONG]
    parser.add_argument("--only", nargs="*", choices=NAMES, default=quick, help="these; none makes the page alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="benchmarks at once; %(default)s")
    options = parser.parse_args()
    if options.jobs < 1:
        parser.error(f"--jobs is {options.jobs}; expected 1 or more.")
    arguments = ["--out", str(options.out), *(["--full"] if options.full else [])]
    names = longest_first(options.only)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        well = list(pool.map(lambda name: run(name, arguments, options.jobs), names))
    failed = [name for name, ended_well in zip(names, well, strict=True) if not ended_well]
    print(page.write(NAMES, options.out))
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
