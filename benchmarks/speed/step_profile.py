"""How much of a training step its convolutions and matrix products alone would take: the floor under its time.

    python -m benchmarks.speed.step_profile

Of one generator iteration of WGAN-GP in the workloads of `benchmarks.speed.throughput` that have targets, every kernel
that does arithmetic is run by itself, in turns with the whole step. Their times, each as often as the step needs it,
are what is left of the step when all else costs nothing. Writes benchmarks/speed/results/step_profile.json;
`python -m benchmarks.speed.table` puts it into docs/speed.md.
"""

import collections
import json
import math
import pathlib

import numpy as np
import tensorflow as tf

from benchmarks import command_line, machine
from benchmarks.speed import RESULTS, throughput, workloads
from benchmarks.speed.timing import in_turns, spread
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.step_profile"
RESULT = RESULTS / "step_profile.json"
WORKLOADS = ("dcgan_28x28x1", "mlp_3x512", "mlp_3x128")
ROUNDS = 5
WORK = 5e8  # floating-point operations a call of a kernel's copies, so that the call itself costs nothing beside them
MOST = 256  # copies a call; they may go side by side, as they may in a step


def profile(workload, policy, rounds=ROUNDS):
    """The step, its kernels by type, and their rates, in milliseconds and GFLOP/s."""
    model = workloads.library(workload, "WGANGP", policy)
    batch = workload.images(workload.m * workloads.N_CRITIC)
    counted = throughput.kernels_of_a_step(model, batch)
    copies = {kernel: min(MOST, math.ceil(WORK / kernel.operations)) for kernel in counted}
    subjects = {kernel: kernel.alone(copies[kernel]) for kernel in counted}
    subjects["step"] = workloads.keras_steps(model, batch, workload.steps)
    subjects["product"] = throughput.matrix_product(tf.float32 if policy == "float32" else tf.bfloat16)
    seconds = in_turns(subjects, rounds)
    step = seconds["step"] / workload.steps
    alone, work = collections.defaultdict(lambda: np.zeros(rounds)), collections.Counter()
    for kernel, count in counted.items():
        alone[kernel.type] += count * seconds[kernel] / copies[kernel]
        work[kernel.type] += count * kernel.operations
    return {
        "workload": workload.name,
        "policy": policy,
        "milliseconds_a_step": spread(1000 * step, 2),
        "milliseconds_alone": {kind: spread(1000 * alone[kind], 2) for kind in alone},
        "share_of_the_step": {kind: spread(alone[kind] / step) for kind in alone},
        "floor": spread(sum(alone.values()) / step),
        "gflop_a_step": {kind: round(work[kind] / 1e9, 2) for kind in work},
        "gflop_a_second": {kind: spread(work[kind] / alone[kind] / 1e9, 0) for kind in alone},
        "peak_gflop_a_second": spread(2 * throughput.SIDE**3 / seconds["product"] / 1e9, 0),
    }


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s")
    arguments = parser.parse_args()
    record = {
        **machine.provenance(MODULE),
        "rows": [profile(workloads.WORKLOADS[name], policy) for name in WORKLOADS for policy in throughput.POLICIES],
    }
    print(json.dumps(record["rows"], indent=2))
    write_json(arguments.out, record)


if __name__ == "__main__":
    main()
