"""Implicit maximum likelihood estimation (IMLE): does it keep every mode of a mixture that a GAN drops some of?

    python -m benchmarks.papers.imle

Source: Li and Malik 2018, *Implicit Maximum Likelihood Estimation*, arXiv 1809.09087, Algorithm 1, from its
description. There is no critic. A step makes a pool of m samples and pulls to each data point the nearest of them:

    minimize over theta  E  mean over i of  min over j of  ||x_i - g_theta(z_j)||^2,    j = 1 .. m

A mode without a sample near it costs the most, so none is given up. A sample that is the nearest to no point costs
nothing, wherever it lies. So the counts stand beside those of samples spread evenly over the square around the modes:
these cover none of the ring's and all of the grid's. Each pool serves one step here; the paper keeps one for several,
to search less often.

IMLE and GAN have the same generator (ReLU, latents of 2 dimensions), as many steps, and Adam with beta1 0.5 and a rate
that falls to zero on a cosine. `metrics.mode_coverage` says when a mode is covered. Reduced: 6,000 steps of 3 x
64 units, 20 seconds a seed on one core; `--full`: 50,000 of 3 x 256.

Tried with 10,000 steps: the same modes of IMLE, and two to three times the high-quality samples; the GAN then lacked
modes of the ring in two of the three seeds. With one seed of the ring, pools of 32 and 512 cover the eight modes as one
of 128 does. Of high quality are 46% with 32, 44% with 128 and 5% with 512: of a large pool fewer samples are ever
pulled.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources
from benchmarks.papers.restart import restart
from wgan_keras import metrics, random
from wgan_keras.data import toys

SOURCE = sources.IMLE
SETS = ("eight_gaussians", "twenty_five_gaussians")
LATENT_DIM = 2
SAMPLES = 10_000
FOR_W1 = 1_000  # of the samples; all of them would take the exact distance longer than the training
SHOWN = 2_000  # of the samples
EXECUTION = 50  # steps between two returns to Python


class Settings(NamedTuple):
    seeds: int  # at most
    steps: int
    units: int
    batch_size: int
    pool: int
    learning_rate: float


REDUCED = Settings(seeds=40, steps=6_000, units=64, batch_size=128, pool=128, learning_rate=1e-3)
FULL = Settings(seeds=15, steps=50_000, units=256, batch_size=128, pool=128, learning_rate=1e-3)


def nearest_distances(points, samples):
    """(n,): from each point (n, d) the squared distance to the nearest of the samples (m, d)."""
    differences = ops.expand_dims(points, 1) - ops.expand_dims(samples, 0)
    return ops.min(ops.sum(ops.square(differences), axis=2), axis=1)


class IMLE(keras.Model):
    """Trains a generator without a critic: `fit` takes points, and each batch of them meets a new pool of samples."""

    def __init__(self, generator, pool, seed):
        super().__init__()
        self.generator = generator
        self.pool = pool
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, points):
        return self.generator(random.normal((self.pool, LATENT_DIM), self.seed_generator))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.mean(nearest_distances(x, y_pred))


def _adam(settings):
    rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, settings.steps)
    return keras.optimizers.Adam(rate, 0.5)


def _imle(networks, seed, settings):
    model = IMLE(networks["generator"], settings.pool, seed)
    model.compile(_adam(settings), jit_compile=True, steps_per_execution=EXECUTION)
    model.optimizer.build(model.trainable_variables)  # as a game's `compile` does
    return model


def _gan(networks, seed, settings):
    model = wk.GAN(**networks, seed=seed)
    model.compile(_adam(settings), _adam(settings), jit_compile=True, steps_per_execution=EXECUTION)
    return model


METHODS = {"IMLE": _imle, "GAN": _gan}


def model_of(method, seed, settings):
    return METHODS[method](plane.mlps(settings.units, 3, LATENT_DIM, seed), seed, settings)


def train_one(model, name, seed, settings):
    """Samples (SAMPLES, 2) of a model's generator after training on the set of this name."""
    points = toys.sample(name, settings.steps * settings.batch_size, seed)
    model.fit(points, batch_size=settings.batch_size, shuffle=False, verbose=0)
    return ops.convert_to_numpy(model.generator(random.normal((SAMPLES, LATENT_DIM), seed=0)))


def scores(name, samples):
    modes = metrics.mode_coverage(samples, *toys.modes(name))
    real = toys.split_points(name, "test")[:FOR_W1]
    return {
        "modes": modes.covered,
        "high_quality": modes.high_quality,
        "kl_to_uniform": modes.kl_to_uniform,
        "w1": metrics.exact_wasserstein(real, samples[:FOR_W1]),
    }


def evenly_spread(name):
    """Samples (SAMPLES, 2) that know of the mixture nothing but the square it lies in."""
    centers, std = toys.modes(name)
    side = np.abs(centers).max() + 3 * std
    return np.random.default_rng(0).uniform(-side, side, (SAMPLES, 2))


def train(seeds, settings):
    """A record a seed: {set: {method: its scores and, of the first seed alone, samples to draw}}."""
    models = {method: model_of(method, 0, settings) for method in METHODS}
    for seed in seeds:
        record = {name: {} for name in SETS}
        for name in SETS:
            for method, model in models.items():
                restart(model, model_of(method, seed, settings))
                samples = train_one(model, name, seed, settings)
                shown = samples[:SHOWN].tolist() if seed == 0 else []
                record[name][method] = {"scores": scores(name, samples), "shown": shown}
        yield record


def conclude(records, settings):
    numbers = {
        name: {method: [each[name][method]["scores"] for each in records] for method in METHODS} for name in SETS
    }
    for name in SETS:
        numbers[name]["evenly spread"] = [scores(name, evenly_spread(name))]
    return report.Result(claims(numbers), {"samples": draw(records[0])}, [], numbers)


def run(settings):
    return repeats.until_decided("imle", train, conclude, settings)


def column(table, score):
    """(seeds,) of one score."""
    return np.array([each[score] for each in table], float)


def claims(numbers):
    return [claim for name in SETS for claim in claims_of(name, numbers[name])]


def claims_of(name, tables):
    modes, quality, kl, w1 = (
        {method: column(table, score) for method, table in tables.items()}
        for score in ("modes", "high_quality", "kl_to_uniform", "w1")
    )
    counts = "; ".join(f"{method} {', '.join(f'{count:.0f}' for count in modes[method])}" for method in METHODS)
    means = "; ".join(f"{each}: high-quality share {quality[each].mean():.2f}, W1 {w1[each].mean():.2f}" for each in w1)
    spread = f"Samples spread evenly over the square cover {modes['evenly spread'].min():.0f}"
    return [
        report.Claim(
            SOURCE,
            f"IMLE drops no mode of {name}",
            "share of seeds with all modes covered after the last step",
            estimates.share(modes["IMLE"] == len(toys.modes(name)[0])),
            at_least=0.8,
            note=f"Modes of each seed: {counts}. {spread}. Means: {means}.",
        ),
        report.Claim(
            SOURCE,
            f"A GAN of the same generator drops modes of {name} that IMLE keeps",
            "share of seeds in which the GAN covers fewer modes",
            estimates.share(modes["GAN"] < modes["IMLE"]),
            at_least=0.5,
            note=f"Modes of each seed: {counts}.",
        ),
        report.Claim(
            SOURCE,
            f"IMLE gives the modes of {name} more equal shares than the GAN",
            "share of seeds with a smaller KL of the modes' shares of the samples from equal ones",
            estimates.share(kl["IMLE"] < kl["GAN"]),
            at_least=0.8,
            note="; ".join(f"{method} {', '.join(f'{each:.3f}' for each in kl[method])} nats" for method in METHODS)
            + ".",
        ),
    ]


def draw(record):
    """Samples of a seed, and as many data, a row a set."""
    figure = Figure(figsize=(3 * (len(METHODS) + 1), 3 * len(SETS)), layout="constrained")
    for row, name in zip(figure.subplots(len(SETS), len(METHODS) + 1), SETS, strict=True):
        panels = {method: np.array(record[name][method]["shown"]) for method in METHODS}
        panels["data"] = toys.split_points(name, "test")[:SHOWN]
        for axes, (title, points) in zip(row, panels.items(), strict=True):
            axes.scatter(*points.T, s=1)
            axes.set(title=f"{title}, {name}", aspect="equal", xlim=(-2, 2), ylim=(-2, 2))
            axes.title.set_fontsize("small")
    return figure


if __name__ == "__main__":
    report.main("imle", __doc__, run, REDUCED, FULL)
