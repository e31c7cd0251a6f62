"""The gradient of a well-trained penalty critic on the lines between points that the best transport plan couples.

    python -m benchmarks.papers.optimal_critic_gradient

Source: 000_3fe11159c7cf6ad0.txt, "Properties of optimal WGAN critic": on x_t = (1 - t) x + t y, for x fake and y real
coupled by the optimal plan, the gradient of f* is (y - x) / |y - x|: of norm 1, along the line towards the real
point. Real points are the ring of 8 Gaussians, fake ones N(0, 0.5^2), both fixed; the coupling of fresh samples is
exact (`wgan_keras.divergences.optimal_transport`). Reduced: 6,000 updates of a 3 x 128 perceptron, under a minute on
one core; `--full`: 50,000 of 3 x 512.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import plane, report
from wgan_keras import backend, divergences
from wgan_keras.data import toys

SOURCE = "000_3fe11159c7cf6ad0.txt, Properties of optimal WGAN critic"
SPREAD = 0.5  # standard deviation of the fake points


class Settings(NamedTuple):
    updates: int
    units: int
    batch_size: int
    coupled: int  # fresh pairs on which the gradient is measured


REDUCED = Settings(updates=6_000, units=128, batch_size=256, coupled=1_000)
FULL = Settings(updates=50_000, units=512, batch_size=256, coupled=2_000)


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


def run(settings):
    real, fake = draw_points(100_000, seed=0)
    keras.utils.set_random_seed(0)
    critic = wk.networks.mlp_critic((2,), units=settings.units, depth=3)
    optimizer = keras.optimizers.Adam(1e-3, 0.0, 0.9)
    plane.train_critic(wk.WGANGP, real, fake, critic, settings.updates, settings.batch_size, optimizer, seed=0)
    real, fake = draw_points(settings.coupled, seed=1)
    partner = couple(real, fake)
    points, norms, cosines = gradients_on_lines(critic, fake, partner, seed=2)
    estimate = float(np.mean(critic(real)) - np.mean(critic(fake)))
    exact = divergences.wasserstein(real, fake)
    near = float(np.mean(np.abs(norms - 1) < 0.1))
    claims = [
        report.Claim(
            SOURCE,
            "The gradient of the optimal critic has norm 1 on the lines",
            "median norm",
            np.median(norms),
            at_least=0.9,
            at_most=1.1,
        ),
        report.Claim(
            SOURCE,
            "The norm is 1 nearly everywhere on the lines",
            "share of points with a norm in [0.9, 1.1]",
            near,
            at_least=0.8,
        ),
        report.Claim(
            SOURCE, "It points along the line, to the real point", "mean cosine", np.mean(cosines), at_least=0.95
        ),
        report.Claim(
            "001_8049a02488e81b49.txt, equation 2",
            "E f(real) - E f(fake) of such a critic is the Wasserstein distance",
            "estimate over the exact distance of the same samples",
            estimate / exact,
            at_least=0.9,
            at_most=1.1,
        ),
    ]
    numbers = {
        "norm_quantiles_5_50_95": np.quantile(norms, [0.05, 0.5, 0.95]).tolist(),
        "cosine_quantiles_5_50_95": np.quantile(cosines, [0.05, 0.5, 0.95]).tolist(),
        "estimate": estimate,
        "exact_wasserstein": exact,
    }
    figures = {"lines": draw(critic, fake, partner, points, norms, cosines)}
    return report.Result(claims, figures, [0, 1, 2], numbers)


def draw(critic, fake, partner, points, norms, cosines):
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    field, of_norm, of_cosine = figure.subplots(1, 3)
    side = np.linspace(-2, 2, 60)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2).astype("float32")
    values = np.asarray(critic(grid)).reshape(60, 60)
    field.contourf(side, side, values, levels=20, cmap="Grays", alpha=0.6)
    for start, end in zip(fake[:150], partner[:150], strict=True):
        field.plot(*np.stack([start, end]).T, color="tab:blue", linewidth=0.6)
    field.scatter(*partner[:150].T, s=4, color="tab:green", zorder=2, label="real")
    field.scatter(*fake[:150].T, s=4, color="tab:orange", zorder=2, label="fake")
    field.set(title="the critic and coupled pairs", aspect="equal")
    field.legend(fontsize="x-small")
    of_norm.hist(norms, bins=40)
    of_norm.set(title="gradient norm on the lines", xlabel="norm", ylabel="points")
    of_cosine.hist(cosines, bins=40)
    of_cosine.set(title="gradient against the line", xlabel="cosine", ylabel="points", yscale="log")
    return figure


if __name__ == "__main__":
    report.main("optimal_critic_gradient", __doc__, run, REDUCED, FULL)
