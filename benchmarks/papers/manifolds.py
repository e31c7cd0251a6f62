"""Two low-dimensional sets in space: a discriminator tells them apart perfectly, however near they are.

    python -m benchmarks.papers.manifolds

Source: Arjovsky and Bottou 2017, arXiv 1701.04862, section 2.1, Theorems 2.1 and 2.2, and the figure of two lines and
of two surfaces in Weng 2019, arXiv 1904.08994, "Low dimensional supports". A perceptron learns as the discriminator of
a GAN whose generator is fixed. Real and fake points lie evenly on

    lines       two segments in space, skew, 0.1 apart at their nearest
    surfaces    two unit squares that cross each other in a line at a right angle
    volumes     two unit cubes, shifted by half their side: no manifolds, but sets of full dimension that overlap

No classifier is right about more than 3/4 of the points of the volumes. Reduced: 3,000 updates of 3 x 64 units, half a
minute a seed on one core; `--full`: 20,000 of 3 x 256.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources

SUPPORTS = f"{sources.PRINCIPLED}, section 2.1; {sources.BLOG}, Low dimensional supports"
APART = 0.1  # of the two lines
FRESH = 10_000  # points of either set on which the discriminator is asked
NEW = 1_000  # added to a training's seed for that of fresh points


class Settings(NamedTuple):
    seeds: int  # at most
    updates: int
    units: int
    batch_size: int
    points: int


REDUCED = Settings(seeds=10, updates=3_000, units=64, batch_size=256, points=100_000)
FULL = Settings(seeds=10, updates=20_000, units=256, batch_size=256, points=1_000_000)


def lines(n, random):
    """Along the first axis, and along the second one above it."""
    real, fake = np.zeros((2, n, 3))
    real[:, 0], fake[:, 1] = random.uniform(-0.5, 0.5, (2, n))
    fake[:, 2] = APART
    return real, fake


def surfaces(n, random):
    """Across the third axis, and across the first."""
    real, fake = random.uniform(-0.5, 0.5, (2, n, 3))
    real[:, 2], fake[:, 0] = 0, 0
    return real, fake


def volumes(n, random):
    real, fake = random.uniform(-0.5, 0.5, (2, n, 3))
    fake[:, 0] += 0.5
    return real, fake


SETS = {each.__name__: each for each in (lines, surfaces, volumes)}


def accuracy(critic, name, seed):
    """The share of fresh points that the discriminator is right about."""
    real, fake = SETS[name](FRESH, np.random.default_rng(seed))
    scores = [np.asarray(critic(points.astype("float32"))) for points in (real, fake)]
    return float((np.mean(scores[0] > 0) + np.mean(scores[1] < 0)) / 2)


def train_one(name, seed, settings):
    real, fake = (each.astype("float32") for each in SETS[name](settings.points, np.random.default_rng(seed)))
    keras.utils.set_random_seed(seed)
    critic = wk.networks.mlp_critic((3,), units=settings.units, depth=3)
    optimizer = keras.optimizers.Adam(1e-3)
    plane.train_critic(wk.GAN, real, fake, critic, settings.updates, settings.batch_size, optimizer, seed)
    return accuracy(critic, name, NEW + seed)


def train(seeds, settings):
    """A record a seed: {set: accuracy}."""
    return ({name: train_one(name, seed, settings) for name in SETS} for seed in seeds)


def conclude(records, settings):
    return report.Result(claims(records), {"sets": draw()}, [], {"accuracy": records})


def run(settings):
    return repeats.until_decided("manifolds", train, conclude, settings)


def claims(records):
    def right(name):
        return estimates.median([each[name] for each in records])

    measure = "share of fresh points that the discriminator is right about; median over seeds"
    return [
        report.Claim(
            f"{SUPPORTS}; Theorem 2.1",
            "Two lines in space that do not meet are told apart perfectly",
            measure,
            right("lines"),
            at_least=0.999,
        ),
        report.Claim(
            f"{SUPPORTS}; Theorem 2.2",
            "Two surfaces that cross in a line are told apart, but for a set of measure zero",
            measure,
            right("surfaces"),
            at_least=0.99,
        ),
        report.Claim(
            SUPPORTS,
            "It is the low dimension that does it: two volumes that overlap are not told apart",
            measure,
            right("volumes"),
            at_most=0.76,
        ),
    ]


def draw():
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    for i, (name, sample) in enumerate(SETS.items(), 1):
        axes = figure.add_subplot(1, 3, i, projection="3d")
        for points, label in zip(sample(400, np.random.default_rng(0)), ("real", "fake"), strict=True):
            axes.scatter(*points.T, s=2, label=label)
        axes.set_title(name)
    axes.legend(fontsize="x-small")
    return figure


if __name__ == "__main__":
    report.main("manifolds", __doc__, run, REDUCED, FULL)
