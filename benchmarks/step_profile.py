"""Where the time of a training step goes: each kind of kernel's share, and how fast it is beside matrix products.

    python -m benchmarks.step_profile

One generator iteration of WGAN-GP in the workloads of `benchmarks.throughput` that have targets, seen by TensorFlow's
profiler. Operations run one after the other here, each on all cores, so that their times add up to the step's. Writes
benchmarks/results/step_profile.json; `python -m benchmarks.speed_table` puts it into the README.
"""

import argparse
import collections
import datetime
import json
import pathlib
import sys
import tempfile

import tensorflow as tf

from benchmarks import report, throughput, workloads
from benchmarks.timing import in_turns, spread, timed
from wgan_keras.saving import whole_file

RESULT = report.RESULTS / "step_profile.json"
WORKLOADS = ("dcgan_28x28x1", "mlp_3x512", "mlp_3x128")
ROUNDS = 5
# The kernels that do arithmetic, by what their names hold; the first that fits.
KINDS = ("Conv2DBackpropInput", "Conv2DBackpropFilter", "Conv2D", "MatMul")
OTHERS = "others"


def kind_of(name):
    return next((kind for kind in KINDS if kind in name), OTHERS)


def traced(function, folder):
    """{kind: seconds spent in it} of one call of a function, by the profiler's record; others: the rest of the call."""
    options = tf.profiler.experimental.ProfilerOptions(host_tracer_level=2, python_tracer_level=0)
    with tf.profiler.experimental.Profile(str(folder), options=options):
        whole = timed(function)
    (path,) = pathlib.Path(folder).glob("**/*.xplane.pb")
    spent = arithmetic(path.read_bytes())
    return {**spent, OTHERS: whole - sum(spent.values())}


def arithmetic(trace):
    """{kind: seconds} of a serialized XSpace."""
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    found = dict.fromkeys(KINDS, 0.0)
    for plane in xplane_pb2.XSpace.FromString(trace).planes:
        for line in plane.lines:
            for event in line.events:
                _, _, operation = plane.event_metadata[event.metadata_id].name.rpartition(":")  # "critic/conv:Conv2D"
                if kind_of(operation) in found:
                    found[kind_of(operation)] += event.duration_ps / 1e12
    return found


def profile(workload, policy, rounds=ROUNDS):
    """Shares and rates of the kinds of kernels in a step of WGAN-GP."""
    steps = rounds * workload.steps
    model = workloads.library(workload, "WGANGP", policy)
    batch = workload.images(workload.m * workloads.N_CRITIC)
    run = workloads.keras_steps(model, batch, steps)
    product = throughput.matrix_product(tf.float32 if policy == "float32" else tf.bfloat16)
    seconds = in_turns({"steps": run, "product": product}, rounds)
    with tempfile.TemporaryDirectory() as folder:
        spent = traced(run, folder)
    total = sum(spent.values())
    operations = collections.Counter()
    for name, count in throughput.operations(model, batch).items():
        operations[kind_of(name)] += count
    return {
        "workload": workload.name,
        "policy": policy,
        "milliseconds_a_step": spread(1000 * seconds["steps"] / steps, 2),
        "milliseconds_a_step_by_kind": {kind: round(1000 * spent[kind] / steps, 2) for kind in (*KINDS, OTHERS)},
        "share": {kind: round(spent[kind] / total, 3) for kind in (*KINDS, OTHERS)},
        "gflop_a_step": {kind: round(operations[kind] / 1e9, 2) for kind in KINDS},
        "gflop_a_second": {kind: round(operations[kind] * steps / spent[kind] / 1e9) for kind in KINDS if spent[kind]},
        "peak_gflop_a_second": spread(2 * throughput.SIDE**3 / seconds["product"] / 1e9, 0),
    }


def main():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m benchmarks.step_profile", description=__doc__, formatter_class=plain)
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s")
    arguments = parser.parse_args()
    tf.config.threading.set_inter_op_parallelism_threads(1)
    record = {
        "command": " ".join(["python -m benchmarks.step_profile", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "machine": report.machine(),
        "versions": report.versions(),
        "rows": [profile(workloads.WORKLOADS[name], policy) for name in WORKLOADS for policy in throughput.POLICIES],
    }
    print(json.dumps(record["rows"], indent=2))
    with whole_file(arguments.out) as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
