"""Images a second of two processes, each on a core of its own, against one process on one core.

    python -m benchmarks.speed.scaling [--backends ...] [--sizes ...]

trains WGAN-GP in each of SIZES on each of BACKENDS, through TensorFlow's MultiWorkerMirroredStrategy or JAX's
distribution, on loopback: by one process with a minibatch of m, by two with m together ("whole batch"), and by two with
m each ("batch each"); the ways take turns, ROUNDS times. The whole batch should bring at least WHOLE_AT_LEAST times the
images of one process, the batch each EACH_AT_LEAST. Writes benchmarks/speed/results/scaling.json, with the bytes that a
step sums over the processes, and its table in docs/devices.md, row by row. It takes eight minutes with TensorFlow, and
an hour with JAX, whose steps on a CPU are slow.
"""

import argparse
import contextlib
import functools
import json
import os
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np

from benchmarks import command_line, machine, pages, processes
from benchmarks.speed import RESULTS
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.scaling"
RESULT = RESULTS / "scaling.json"
BACKENDS = ("tensorflow", "jax")
ROUNDS = 3
WARM_UP = 3  # steps before the clock starts: tracing, first allocations
N_CRITIC = 5
PATIENCE = 600  # seconds for a training
WHOLE_AT_LEAST, EACH_AT_LEAST = 1.5, 1.7


class Size(NamedTuple):
    shape: tuple
    width: int
    m: int
    steps: int


SIZES = {"28x28x1": Size((28, 28, 1), 32, 64, 20), "64x64x3": Size((64, 64, 3), 32, 32, 6)}
WAYS = {"one process": (1, 1), "two, whole batch": (2, 1), "two, batch each": (2, 2)}  # (processes, times m)


def game(size):
    import wgan_keras as wk

    generator = wk.networks.dcgan_generator(size.shape, width=size.width)
    model = wk.WGANGP(generator, wk.networks.dcgan_critic(size.shape, width=size.width), n_critic=N_CRITIC, seed=0)
    model.compile()
    return model


def bytes_a_step(model):
    """What a step sums over processes: float32 gradients of n_critic critic updates and of one of the generator."""
    critic, generator = (
        sum(int(np.prod(v.shape)) for v in network.trainable_variables) for network in (model.critic, model.generator)
    )
    return 4 * (N_CRITIC * critic + generator)


def scope(index, addresses):
    """That of all processes together."""
    import keras

    if len(addresses) == 1:
        return contextlib.nullcontext()
    if keras.backend.backend() == "jax":
        keras.distribution.initialize(addresses[0], len(addresses), index)
        return keras.distribution.DataParallel(auto_shard_dataset=False).scope()
    import tensorflow as tf

    task = {"type": "worker", "index": index}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": addresses}, "task": task})
    return tf.distribute.MultiWorkerMirroredStrategy().scope()


def work(index, addresses, name, times):
    """One process of a training; the first prints {"seconds", "images", "bytes", "parameters"}."""
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[index]})  # before the backend counts its cores
    size = SIZES[name]
    batch = N_CRITIC * times * size.m
    images = np.random.default_rng(0).uniform(-1, 1, (size.steps * batch, *size.shape)).astype("float32")
    with scope(index, addresses):
        model = game(size)
        fit = functools.partial(model.fit, batch_size=times * size.m, shuffle=False, verbose=0)
        fit(images[: WARM_UP * batch])
        started = time.perf_counter()
        fit(images)
        seconds = time.perf_counter() - started
    if index == 0:
        parameters = model.critic.count_params() + model.generator.count_params()
        told = {"seconds": seconds, "images": len(images), "bytes": bytes_a_step(model)}
        print(json.dumps({**told, "parameters": parameters}), flush=True)


def timed(backend, name, way):
    """What the first process of a way tells."""
    count, times = WAYS[way]
    addresses = [f"localhost:{port}" for port in processes.free_ports(count)]
    command = [sys.executable, "-m", MODULE, "--size", name, "--times", str(times)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": backend}
    running = [
        subprocess.Popen(
            [*command, "--index", str(index), "--addresses", *addresses],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for index in range(count)
    ]
    try:
        outputs = [process.communicate(timeout=PATIENCE) for process in running]
    finally:
        for process in running:
            process.kill()
    for process, (_, said) in zip(running, outputs, strict=True):
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{said}")
    return json.loads(outputs[0][0].splitlines()[-1])


def compare(backend, name):
    """The rates of each way in images a second, by round, and their medians' ratios to one process."""
    told = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            told[way].append(timed(backend, name, way))
            rate = told[way][-1]["images"] / told[way][-1]["seconds"]
            print(f"{backend} {name} {way}: {rate:.0f} images a second", flush=True)
    rates = {way: [round(each["images"] / each["seconds"], 1) for each in rounds] for way, rounds in told.items()}
    medians = {way: float(np.median(each)) for way, each in rates.items()}
    first = told["one process"][0]
    return {
        "backend": backend,
        "size": name,
        **SIZES[name]._asdict(),
        "images_per_second": rates,
        "of_one_process": {way: round(rate / medians["one process"], 2) for way, rate in medians.items()},
        "bytes_summed_a_step": first["bytes"],
        "bytes_of_the_networks": 4 * first["parameters"],
    }


def markdown(record):
    """The table; what misses its target is bold."""
    dates, processors = (
        " and ".join(sorted(set(each)))
        for each in zip(*((row["date"], row["machine"]["processor"]) for row in record["rows"]), strict=True)
    )
    lines = [
        f"Measured {dates} on {processors}, one core a process, by `python -m {MODULE}`: images a "
        "second of one process, and how many times as many two bring, with one minibatch together (at least "
        f"{WHOLE_AT_LEAST}) and with one each (at least {EACH_AT_LEAST}); what misses its target is bold. Beside them "
        "the megabytes of gradients that a step sums over the processes, and those of the networks.",
        "",
        "| backend | images | m | one process | two, together | two, one each | MB a step | MB of networks |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in record["rows"]:
        alone = float(np.median(row["images_per_second"]["one process"]))
        whole, each = (row["of_one_process"][way] for way in list(WAYS)[1:])
        targets = ((whole, WHOLE_AT_LEAST), (each, EACH_AT_LEAST))
        judged = [pages.bold_unless(f"{x:.2f}", x >= at_least) for x, at_least in targets]
        bytes_ = [f"{row[key] / 1e6:.1f}" for key in ("bytes_summed_a_step", "bytes_of_the_networks")]
        lines.append(
            "| " + " | ".join([row["backend"], row["size"], str(row["m"]), f"{alone:.0f}", *judged, *bytes_]) + " |"
        )
    return "\n".join(lines)


def others(backend, size):
    """The rows that were measured before, but for this one's."""
    kept = json.loads(RESULT.read_text())["rows"] if RESULT.exists() else []
    return [row for row in kept if (row["backend"], row["size"]) != (backend, size)]


def place(row):
    """Of a row in the table."""
    return BACKENDS.index(row["backend"]), list(SIZES).index(row["size"])


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--backends", nargs="+", choices=BACKENDS, default=list(BACKENDS), help="default: both")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES), help="default: both")
    parser.add_argument("--size", choices=SIZES, help=argparse.SUPPRESS)  # these are of a process of its own
    parser.add_argument("--times", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--index", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--addresses", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = parse()
    if options.index is not None:
        work(options.index, options.addresses, options.size, options.times)
        return
    for backend in options.backends:
        for name in options.sizes:
            row = compare(backend, name) | machine.provenance(MODULE)
            record = {"rows": sorted([*others(backend, name), row], key=place)}
            write_json(RESULT, record)
            pages.put("scaling", markdown(record))


if __name__ == "__main__":
    main()
