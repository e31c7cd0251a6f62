"""The critic's warm-up in the WGAN authors' code, which their paper does not mention, against a constant n_critic.

    python -m benchmarks.papers.critic_warm_up

Source: the authors' code of the WGAN paper, arXiv 1701.07875, main.py: the critic is updated 100 times at each of the
first 25 generator iterations and at every 500th, and n_critic = 5 times at the others; Algorithm 1 of the paper has 5
throughout. Here both train the same WGAN with clip value 0.1 on the ring of 8 Gaussians. Reduced: 1,000 iterations of 3
x 64 units, half a minute a seed on one core; `--full`: 10,000 of 3 x 512.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources
from wgan_keras import metrics
from wgan_keras.data import toys
from wgan_keras.models.wgan import rmsprop

SET = "eight_gaussians"
CLIP, RATE = 0.1, 5e-4
SAMPLES = 1_000  # of which W1 is computed at each look


class Settings(NamedTuple):
    seeds: int  # at most
    looks: tuple  # iterations
    units: int
    batch_size: int


REDUCED = Settings(seeds=30, looks=(25, 100, 250, 500, 1_000), units=64, batch_size=128)
FULL = Settings(seeds=15, looks=(25, 100, 500, 2_000, 10_000), units=512, batch_size=256)


def warm_up(iteration):
    """Critic updates of an iteration, counted from 0, in the authors' code."""
    return 100 if iteration < 25 or iteration % 500 == 0 else 5


def constant(iteration):
    return 5


SCHEDULES = {"warm-up": warm_up, "constant": constant}


def segments(schedule, looks):
    """(first iteration, end, n_critic) of stretches in which n_critic is constant and after which may be a look."""
    first = 0
    for end in range(1, looks[-1] + 1):
        if end in looks or schedule(end) != schedule(first):
            yield first, end, schedule(first)
            first = end


def watch(schedule, seed, settings):
    """Exact W1 at each look."""
    model = wk.WGAN(**plane.mlps(settings.units, 3, 2, seed), clip_value=CLIP, seed=seed)
    model.compile(rmsprop(RATE), rmsprop(RATE), jit_compile=True)
    real = toys.split_points(SET, "test")[:SAMPLES]
    distances = []
    for first, end, n_critic in segments(schedule, settings.looks):
        model.n_critic = n_critic
        points = toys.sample(SET, (end - first) * n_critic * settings.batch_size, (seed, first))
        model.fit(points, batch_size=settings.batch_size, verbose=0)
        if end in settings.looks:
            distances.append(metrics.exact_wasserstein(real, model.sample(SAMPLES, seed=0)))
    return distances


def train(seeds, settings):
    """A record a seed: {schedule: W1 at each look}."""
    return ({name: watch(schedule, seed, settings) for name, schedule in SCHEDULES.items()} for seed in seeds)


def conclude(records, settings):
    numbers = {"looks": settings.looks, "w1": records, "critic_updates": critic_updates(settings.looks[-1])}
    return report.Result(claims(records, settings.looks), {"distances": draw(records, settings.looks)}, [], numbers)


def critic_updates(iterations):
    """{schedule: how many it makes}."""
    return {name: sum(map(schedule, range(iterations))) for name, schedule in SCHEDULES.items()}


def run(settings):
    return repeats.until_decided("critic_warm_up", train, conclude, settings)


def claims(records, looks):
    ratios = np.array([np.divide(each["warm-up"], each["constant"]) for each in records])  # (seeds, looks)
    medians = ", ".join(
        f"{ratio:.2f} at {look:,}" for ratio, look in zip(np.median(ratios, axis=0), looks, strict=True)
    )
    updates = critic_updates(looks[-1])
    cost = f"With the warm-up the critic has {updates['warm-up']:,} updates in {looks[-1]:,} iterations, without it "
    return [
        report.Claim(
            sources.WGAN_CODE,
            f"The critic's warm-up brings the samples nearer to the data in its {looks[0]} iterations",
            f"exact W1 at iteration {looks[0]} with the warm-up over that without it; median over seeds",
            estimates.median(ratios[:, 0]),
            at_most=1,
            note=f"Medians over seeds: {medians}.",
        ),
        report.Claim(
            sources.WGAN_CODE,
            "It brings them nearer in the end",
            f"exact W1 at iteration {looks[-1]:,} with the warm-up over that without it; median over seeds",
            estimates.median(ratios[:, -1]),
            at_most=1,
            note=f"{cost}{updates['constant']:,}.",
        ),
    ]


def draw(records, looks):
    figure = Figure(figsize=(6.5, 3.4), layout="constrained")
    axes = figure.subplots()
    for name in SCHEDULES:
        w1 = np.array([each[name] for each in records])
        axes.plot(looks, np.median(w1, axis=0), marker=".", label=name)
        axes.fill_between(looks, w1.min(axis=0), w1.max(axis=0), alpha=0.2)
    axes.set(xlabel="generator iteration", ylabel="exact W1, median and range over seeds", xscale="log")
    axes.legend(fontsize="small")
    return figure


if __name__ == "__main__":
    report.main("critic_warm_up", __doc__, run, REDUCED, FULL)
