"""How much faster 8 and 64 GPUs would be than one, on paper: from a measured step, its bytes, and the speed of links.

    python -m benchmarks.speed.projection

The step is that of the preset wgan_gp_avatars, which an NVIDIA H100 trained, in the end together with one other game:
half of the time that its log says of an iteration, evaluations included. Each GPU keeps its minibatch of m. An exchange
of B bytes among N takes 2 (N - 1) / N B / bandwidth (a ring) and 2 log2(N) latencies (a tree), and nothing is computed
meanwhile. There is one for the gradients of every update, and for every layer of batch normalization two in each pass,
forward or back: a mean, then a variance. Writes its table into docs/devices.md.
"""

import math
from typing import NamedTuple

import numpy as np

from benchmarks import command_line, pages
from wgan_keras import callbacks, presets
from wgan_keras.presets import files, store

PRESET = "wgan_gp_avatars"
SHARERS = 2  # trainings on the GPU in its last epochs
EPOCHS = 10  # the last ones of the log


class Link(NamedTuple):
    """What GPUs exchange over: bytes a second of each in either direction, and seconds until the first byte."""

    name: str
    bandwidth: float
    latency: float


LINKS = {
    8: Link("NVLink 4, one machine", 450e9, 5e-6),
    64: Link("InfiniBand NDR, a card of 400 Gb/s a GPU", 50e9, 10e-6),
}


def exchanges(n_critic, normalizations, averaged):
    """How many a step has: gradients of each update; statistics of each of the generator's passes.

    It passes forward in n_critic critic updates, forward and back in its own, and forward once more as its average.
    """
    return n_critic + 1 + 2 * normalizations * (n_critic + 2 + averaged)


def exchange_seconds(count, amount, gpus, link):
    """Of `count` exchanges in a step, with `amount` bytes in all."""
    return 2 * (gpus - 1) / gpus * amount / link.bandwidth + count * 2 * math.ceil(math.log2(gpus)) * link.latency


def step_seconds(history, every):
    """Of a GPU for itself, from a run's log."""
    seconds = [row["seconds"] for row in history[-EPOCHS:]]
    return float(np.median(seconds)) / every / SHARERS


def measured():
    """(seconds of a step, bytes of gradients that it exchanges, how many exchanges)."""
    folder = store.ZOO / PRESET
    recipe, metadata = presets.open_recipe(PRESET), files.read_metadata(folder)
    n_critic, parameters = recipe.game["n_critic"], metadata["parameters"]
    amount = 4 * (n_critic * parameters["critic"] + parameters["generator"])
    game = recipe.build_for_weights()
    normalizations = sum("batch_normalization" in layer.name for layer in game.generator.layers)
    count = exchanges(n_critic, normalizations, game.ema_decay is not None)
    return step_seconds(callbacks.read_history(folder / "history.csv"), recipe.evaluation["every"]), amount, count


def markdown(step, amount, count):
    """A row for each number of GPUs."""
    lines = [
        f"By `python -m benchmarks.speed.projection`, for `{PRESET}`: a step on 64 images of 64x64x3 takes "
        f"{1000 * step:.1f} ms on one NVIDIA H100, half of what its log says, because another training shared the GPU. "
        f"It has {amount / 1e6:.1f} MB of gradients and {count} exchanges, none of them behind the computation.",
        "",
        "| GPUs | link | latency | exchange | times as many images a second |",
        "|---|---|---|---|---|",
    ]
    for gpus, link in LINKS.items():
        seconds = exchange_seconds(count, amount, gpus, link)
        speed = f"{link.bandwidth / 1e9:.0f} GB/s"
        cells = [str(gpus), f"{link.name}, {speed}", f"{link.latency * 1e6:.0f} µs", f"{1000 * seconds:.2f} ms"]
        lines.append("| " + " | ".join([*cells, f"{gpus * step / (step + seconds):.1f}"]) + " |")
    return "\n".join(lines)


def main():
    command_line.parser("benchmarks.speed.projection", __doc__).parse_args()
    pages.put("projection", markdown(*measured()))


if __name__ == "__main__":
    main()
