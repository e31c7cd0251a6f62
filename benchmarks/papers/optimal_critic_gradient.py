"""The gradient of a well-trained penalty critic on the lines between points that the best transport plan couples.

    python -m benchmarks.papers.optimal_critic_gradient

Source: the WGAN-GP paper, arXiv 1704.00028, section 2.3: on x_t = (1 - t) x + t y, for x fake and y real coupled by the
optimal plan, the gradient of f* is (y - x) / |y - x|: of norm 1, along the line towards the real point. Real points are
the ring of 8 Gaussians, fake ones N(0, 0.5^2), both fixed; the coupling of fresh samples is exact
(`wgan_keras.divergences.optimal_transport`). Reduced: 6,000 updates of a 3 x 128 perceptron, half a minute a seed on
one core; `--full`: 50,000 of 3 x 512.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources
from wgan_keras import backend, divergences
from wgan_keras.data import toys

PROPOSITION_1 = f"{sources.WGAN_GP}, section 2.3, Proposition 1"
COROLLARY_1 = f"{sources.WGAN_GP}, section 2.3, Corollary 1"
SPREAD = 0.5  # standard deviation of the fake points
FRESH = 1_000  # added to a training's seed for that of fresh points
SIDE = np.linspace(-2, 2, 60)
GRID = np.stack(np.meshgrid(SIDE, SIDE), axis=-1).reshape(-1, 2).astype("float32")


class Settings(NamedTuple):
    seeds: int  # at most
    updates: int
    units: int
    batch_size: int
    coupled: int  # fresh pairs on which the gradient is measured


REDUCED = Settings(seeds=10, updates=6_000, units=128, batch_size=256, coupled=1_000)
FULL = Settings(seeds=10, updates=50_000, units=512, batch_size=256, coupled=2_000)


def draw_points(n, seed):
    """(real, fake), float32 (n, 2) each."""
    fake = np.random.default_rng(seed).normal(0, SPREAD, (n, 2)).astype("float32")
    return toys.sample("eight_gaussians", n, seed), fake


def couple(real, fake):
    """The real point (n, 2) that the optimal plan gives to each fake one."""
    plan = divergences.optimal_transport(fake, real).plan
    return real[plan.argmax(axis=1)]


def gradients_on_lines(critic, fake, partner, seed):
    """(points, norms, cosines) at x_t, one t ~ uniform(0, 1) a pair; the cosine is with partner - fake."""
    t = np.random.default_rng(seed).random((len(fake), 1))
    points = ((1 - t) * fake + t * partner).astype("float32")
    gradients = np.asarray(backend.input_gradient(critic, keras.ops.convert_to_tensor(points)), float)
    norms = np.linalg.norm(gradients, axis=1)
    line = partner - fake
    cosines = np.sum(gradients * line, axis=1) / (norms * np.linalg.norm(line, axis=1))
    return points, norms, cosines


def measure(seed, settings):
    """The record of one seed; what is drawn is of the first alone."""
    real, fake = draw_points(100_000, seed)
    keras.utils.set_random_seed(seed)
    critic = wk.networks.mlp_critic((2,), units=settings.units, depth=3)
    optimizer = keras.optimizers.Adam(1e-3, 0.0, 0.9)
    plane.train_critic(wk.WGANGP, real, fake, critic, settings.updates, settings.batch_size, optimizer, seed=seed)
    real, fake = draw_points(settings.coupled, FRESH + seed)
    partner = couple(real, fake)
    _, norms, cosines = gradients_on_lines(critic, fake, partner, seed)
    shown = {"values": np.asarray(critic(GRID))[:, 0], "fake": fake[:150], "partner": partner[:150]}
    return {
        "norms": norms.tolist(),
        "cosines": cosines.tolist(),
        "estimate": float(np.mean(critic(real)) - np.mean(critic(fake))),
        "exact_wasserstein": divergences.wasserstein(real, fake),
        "shown": {name: each.tolist() for name, each in shown.items()} if seed == 0 else None,
    }


def train(seeds, settings):
    return (measure(seed, settings) for seed in seeds)


def conclude(records, settings):
    numbers = {
        "norm_quantiles_5_50_95": [np.quantile(each["norms"], [0.05, 0.5, 0.95]).tolist() for each in records],
        "cosine_quantiles_5_50_95": [np.quantile(each["cosines"], [0.05, 0.5, 0.95]).tolist() for each in records],
        "estimate": [each["estimate"] for each in records],
        "exact_wasserstein": [each["exact_wasserstein"] for each in records],
    }
    return report.Result(claims(records), {"lines": draw(records[0])}, [], numbers)


def run(settings):
    return repeats.until_decided("optimal_critic_gradient", train, conclude, settings)


def claims(records):
    norms, cosines = (np.array([each[name] for each in records]) for name in ("norms", "cosines"))
    return [
        report.Claim(
            COROLLARY_1,
            "The gradient of the optimal critic has norm 1 on the lines",
            "median norm over the points; median over seeds",
            estimates.median(np.median(norms, axis=1)),
            at_least=0.9,
            at_most=1.1,
        ),
        report.Claim(
            COROLLARY_1,
            "The norm is 1 nearly everywhere on the lines",
            "share of points with a norm in [0.9, 1.1]; median over seeds",
            estimates.median(np.mean(np.abs(norms - 1) < 0.1, axis=1)),
            at_least=0.8,
        ),
        report.Claim(
            PROPOSITION_1,
            "It points along the line, to the real point",
            "mean cosine between gradient and line; median over seeds",
            estimates.median(cosines.mean(axis=1)),
            at_least=0.95,
        ),
        report.Claim(
            f"{sources.WGAN}, equation 2",
            "E f(real) - E f(fake) of such a critic is the Wasserstein distance",
            "estimate over the exact distance of the same samples; median over seeds",
            estimates.median([each["estimate"] / each["exact_wasserstein"] for each in records]),
            at_least=0.9,
            at_most=1.1,
        ),
    ]


def draw(record):
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    field, of_norm, of_cosine = figure.subplots(1, 3)
    values, fake, partner = (np.array(record["shown"][name]) for name in ("values", "fake", "partner"))
    field.contourf(SIDE, SIDE, values.reshape(60, 60), levels=20, cmap="Grays", alpha=0.6)
    for start, end in zip(fake, partner, strict=True):
        field.plot(*np.stack([start, end]).T, color="tab:blue", linewidth=0.6)
    field.scatter(*partner.T, s=4, color="tab:green", zorder=2, label="real")
    field.scatter(*fake.T, s=4, color="tab:orange", zorder=2, label="fake")
    field.set(title="the critic and coupled pairs", aspect="equal")
    field.legend(fontsize="x-small")
    of_norm.hist(record["norms"], bins=40)
    of_norm.set(title="gradient norm on the lines", xlabel="norm", ylabel="points")
    of_cosine.hist(record["cosines"], bins=40)
    of_cosine.set(title="gradient against the line", xlabel="cosine", ylabel="points", yscale="log")
    return figure


if __name__ == "__main__":
    report.main("optimal_critic_gradient", __doc__, run, REDUCED, FULL)
