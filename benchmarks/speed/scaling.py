"""Images a second of two processes, each on a core of its own, against one process on one core.

    python -m benchmarks.speed.scaling

trains WGAN-GP in each of SIZES with TensorFlow's MultiWorkerMirroredStrategy on loopback: by one process with a
minibatch of m, by two with m together ("whole batch"), and by two with m each ("batch each"); the ways take turns,
ROUNDS times. The whole batch should bring at least WHOLE_AT_LEAST times the images of one process, the batch each
EACH_AT_LEAST. Writes benchmarks/speed/results/scaling.json, with the bytes that a step sums over the processes.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np

from benchmarks import machine
from benchmarks.speed import RESULTS

RESULT = RESULTS / "scaling.json"
ROUNDS = 3
WARM_UP = 3  # steps before the clock starts: tracing, first allocations
N_CRITIC = 5
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


def work(index, addresses, name, times):
    """One process of a training; the first prints {"seconds", "images", "bytes", "parameters"}."""
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[index]})  # before TensorFlow counts its cores
    import contextlib

    import tensorflow as tf

    size = SIZES[name]
    scope = contextlib.nullcontext()
    if len(addresses) > 1:
        task = {"type": "worker", "index": index}
        os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": addresses}, "task": task})
        scope = tf.distribute.MultiWorkerMirroredStrategy().scope()
    with scope:
        model = game(size)
    m = times * size.m
    images = np.random.default_rng(0).uniform(-1, 1, (N_CRITIC * m, *size.shape)).astype("float32")
    batches = tf.data.Dataset.from_tensors(images).unbatch().batch(m).repeat()
    model.fit(batches, steps_per_epoch=WARM_UP, verbose=0)
    started = time.perf_counter()
    model.fit(batches, steps_per_epoch=size.steps, verbose=0)
    seconds = time.perf_counter() - started
    if index == 0:
        parameters = model.critic.count_params() + model.generator.count_params()
        told = {"seconds": seconds, "images": size.steps * N_CRITIC * m, "bytes": bytes_a_step(model)}
        print(json.dumps({**told, "parameters": parameters}), flush=True)


def timed(name, way):
    """What the first process of a way tells."""
    count, times = WAYS[way]
    addresses = [f"localhost:{port}" for port in _free_ports(count)]
    command = [sys.executable, "-m", "benchmarks.speed.scaling", "--size", name, "--times", str(times)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    running = [
        subprocess.Popen(
            [*command, "--index", str(index), "--addresses", *addresses],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for index in range(count)
    ]
    first, *_ = (process.communicate(timeout=900)[0] for process in running)
    return json.loads(first.splitlines()[-1])


def _free_ports(count):
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def compare(name):
    """The rates of each way in images a second, by round, and their medians' ratios to one process."""
    told = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            told[way].append(timed(name, way))
            print(name, way, round(told[way][-1]["images"] / told[way][-1]["seconds"], 1), "images/s", flush=True)
    rates = {way: [round(each["images"] / each["seconds"], 1) for each in rounds] for way, rounds in told.items()}
    medians = {way: float(np.median(each)) for way, each in rates.items()}
    of_one = {way: round(rate / medians["one process"], 2) for way, rate in medians.items()}
    first = told["one process"][0]
    return {
        **SIZES[name]._asdict(),
        "images_per_second": rates,
        "of_one_process": of_one,
        "reached": {
            "whole batch": of_one["two, whole batch"] >= WHOLE_AT_LEAST,
            "batch each": of_one["two, batch each"] >= EACH_AT_LEAST,
        },
        "bytes_summed_a_step": first["bytes"],
        "bytes_of_the_networks": 4 * first["parameters"],
    }


def parse():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m benchmarks.speed.scaling", description=__doc__, formatter_class=plain)
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s")
    parser.add_argument("--size", choices=SIZES, help=argparse.SUPPRESS)  # these are of a process of its own
    parser.add_argument("--times", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--index", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--addresses", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    from wgan_keras.files.saving import whole_file

    options = parse()
    if options.index is not None:
        work(options.index, options.addresses, options.size, options.times)
        return
    record = {
        **machine.provenance("benchmarks.speed.scaling"),
        "sizes": {name: compare(name) for name in SIZES},
    }
    with whole_file(options.out) as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
