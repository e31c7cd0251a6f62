"""How fast a training step is: this library against the tutorial way and PyTorch, in one process, in turns.

    python -m benchmarks.speed.throughput [--workloads dcgan_28x28x1 ...]

Every round times each way once, one after the other, so that whatever else the machine does falls on all of them;
a ratio is the median of the ratios within the rounds. All ways of a row have the same precision; the library's games
average their generator, as the recipes have it, and the others do not. The floating-point operations are counted from
the graph of one step, and compared with what a product of two 2048 x 2048 matrices reaches in the same rounds. PyTorch
takes part where it is installed, eager and under `torch.compile`, which needs a C++ compiler. All of it takes about an
hour and a half on two cores; it writes benchmarks/speed/results/throughput.json, where other workloads stay, and from
which `python -m benchmarks.speed.table` makes the table of docs/speed.md.
"""

import contextlib
import dataclasses
import importlib.metadata
import itertools
import json
import os
import pathlib

import numpy as np
import tensorflow as tf

from benchmarks import command_line, earlier, machine
from benchmarks.speed import RESULTS, kernels, workloads
from benchmarks.speed.timing import in_turns, spread, timed
from benchmarks.speed.workloads import GAMES, N_CRITIC, TORCH, WORKLOADS
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.throughput"
SIDE = 2048  # of the matrices whose product gives the machine's peak
SAMPLES = 10_000
FEW = 3  # rounds of what takes long and varies little
POLICIES = ("float32", "mixed_bfloat16")


def matrix_product(dtype):
    a, b = (tf.cast(tf.random.normal((SIDE, SIDE)), dtype) for _ in range(2))
    product = tf.function(lambda: tf.reduce_max(a @ b))
    return lambda: product().numpy()


def kernels_of_a_step(model, batch):
    """{`kernels.Kernel`: how often} of one generator iteration."""
    spec = tf.TensorSpec(batch.shape, tf.float32)
    graph = tf.function(lambda x: model.training_step(x)).get_concrete_function(spec).graph
    return kernels.of_graph(graph, trips=N_CRITIC)


def measure_steps(workload, game, policy, rounds):
    """Seconds a generator iteration in one precision and every way of writing it, their ratios, the peak's share."""
    batch = workload.images(workload.m * N_CRITIC)
    ours = workloads.library(workload, game, policy)
    theirs = workloads.tutorial_way(workload, game, policy)
    subjects = {
        "library": workloads.keras_steps(ours, batch, workload.steps),
        "tutorial": workloads.keras_steps(theirs, batch[: workload.m], workload.steps),
    }
    if TORCH:
        subjects["torch"] = workloads.torch_steps(workload, game, policy)
        subjects["torch.compile"] = workloads.torch_steps(workload, game, policy, compiled=True)
    dtype = tf.float32 if policy == "float32" else tf.bfloat16
    seconds = in_turns(subjects | {"peak": matrix_product(dtype)}, rounds)
    count = kernels.operations(kernels_of_a_step(ours, batch))
    a_step = {name: seconds[name] / workload.steps for name in subjects}
    peak = 2 * SIDE**3 / seconds["peak"]
    return {
        "workload": workload.name,
        "game": game,
        "policy": policy,
        "seconds_a_step": {name: spread(values, 5) for name, values in a_step.items()},
        "times_as_fast": {name: spread(seconds[name] / seconds["library"]) for name in subjects if name != "library"},
        "gflop_a_step": round(count / 1e9, 2),
        "peak_gflop_a_second": spread(peak / 1e9, 0),
        "share_of_peak": spread(count / a_step["library"] / peak),
    }


def measure_first_step(workload, rounds):
    """Seconds until the first step of a new WGAN-GP is done, tracing included, for two n_critic.

    With large networks the n_critic updates themselves are a good part of it, with small ones it is tracing alone.
    """
    workload = dataclasses.replace(workload, compile={})  # one step an execution

    def first(model, m, n):
        return timed(workloads.keras_steps(model, workload.images(m * n), 1))

    seconds = {"tutorial": [], 5: [], 100: []}
    for _ in range(rounds):
        seconds["tutorial"].append(first(workloads.tutorial_way(workload, "WGANGP"), workload.m, 1))
        for n in (5, 100):
            model = workloads.library(workload, "WGANGP", n_critic=n)
            seconds[n].append(first(model, workload.m, n))
    seconds = {name: np.array(values) for name, values in seconds.items()}
    return {
        "workload": workload.name,
        "seconds": {str(name): spread(values, 2) for name, values in seconds.items()},
        "n_critic 5 over tutorial": spread(seconds[5] / seconds["tutorial"]),
        "n_critic 100 over 5": spread(seconds[100] / seconds[5]),
    }


def measure_fit(workload, rounds, seconds_a_step):
    """What `fit` costs beyond its steps, as a share of them, on an array, with its progress bar."""
    per_execution = workload.compile.get("steps_per_execution", 1)
    count = max(1, round(6 / seconds_a_step / per_execution)) * per_execution
    model = workloads.library(workload, "WGANGP")
    images = workload.images(count * workload.m * N_CRITIC)
    steps = workloads.keras_steps(model, images[: workload.m * N_CRITIC], count)

    def fit():
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            model.fit(images, batch_size=workload.m)

    seconds = in_turns({"steps": steps, "fit": fit}, rounds)
    return {"workload": workload.name, "steps": count, "extra": spread(seconds["fit"] / seconds["steps"] - 1)}


def measure_sampling(workload, rounds):
    """SAMPLES images from `sample` and from the tutorial's `generator.predict`."""
    model, plain = workloads.library(workload, "WGANGP"), workloads.tutorial_way(workload, "WGANGP")
    latents = np.random.default_rng(0).standard_normal((SAMPLES, workload.latent_dim)).astype("float32")
    subjects = {
        "sample": lambda: model.sample(SAMPLES, seed=0),
        "tutorial": lambda: plain.generator.predict(latents, verbose=0),
    }
    seconds = in_turns(subjects, rounds)
    return {
        "workload": workload.name,
        "images_a_second": {name: spread(SAMPLES / values, 0) for name, values in seconds.items()},
        "times_as_fast": spread(seconds["tutorial"] / seconds["sample"]),
    }


def run(names, rounds=None):
    chosen = [dataclasses.replace(w, rounds=rounds or w.rounds) for w in map(WORKLOADS.get, names)]
    rows = []
    for workload in chosen:
        for game, policy in itertools.product(GAMES, POLICIES):
            rows.append(measure_steps(workload, game, policy, workload.rounds))
            print(json.dumps(rows[-1]), flush=True)
    medians = {
        row["workload"]: row["seconds_a_step"]["library"]["median"]
        for row in rows
        if (row["game"], row["policy"]) == ("WGANGP", "float32")
    }
    images = [workload for workload in chosen if workload.is_images][:1]
    points = [workload for workload in chosen if not workload.is_images][-1:]
    return {
        "steps": rows,
        "first_step": [measure_first_step(workload, FEW) for workload in images + points],
        "fit": [measure_fit(workload, workload.rounds, medians[workload.name]) for workload in chosen],
        "sampling": [measure_sampling(workload, FEW) for workload in images],
    }


def merged(kept, found, names):
    """The rows of `found`, and those of the kept record that are of other workloads than `names`."""
    order = list(WORKLOADS)
    both = {
        key: rows + [earlier.marked(kept, row) for row in kept.get(key, ()) if row["workload"] not in names]
        for key, rows in found.items()
    }
    return {key: sorted(rows, key=lambda row: order.index(row["workload"])) for key, rows in both.items()}


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--rounds", type=int, help="timings of each way; default: by workload")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS), help="default: all")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS / "throughput.json", help="%(default)s")
    arguments = parser.parse_args()
    record = {
        **machine.provenance(MODULE),
        "versions": machine.versions() | ({"torch": importlib.metadata.version("torch")} if TORCH else {}),
        **merged(earlier.read(arguments.out, {}), run(arguments.workloads, arguments.rounds), arguments.workloads),
    }
    write_json(arguments.out, record)


if __name__ == "__main__":
    main()
