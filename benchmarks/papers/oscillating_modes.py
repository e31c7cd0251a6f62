"""Which modes of the ring of 8 Gaussians a GAN's generator is at, over time, and how far it ever spreads.

    python -m benchmarks.papers.oscillating_modes

Sources: Metz et al. 2016, arXiv 1611.02163, Figure 2: the generator rotates through the modes, one at a time, and never
settles; the WGAN paper, section 4.1, on the same experiment. The set-up is that of its authors' demo, which differs
from the paper's: perceptrons of two hidden layers, many latent dimensions, Adam with beta1 0.5, -log D; the demo's have
tanh, these ReLU. The generator's learning rate is ten times the discriminator's; a second GAN has equal rates. WGAN-GP
with the same networks stands beside them. Reduced: 3,000 iterations of 2 x 64 units, a minute a seed on one core;
`--full`: 25,000 of 2 x 128, latents of 256 dimensions.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources
from wgan_keras import metrics
from wgan_keras.data import toys

FIGURE_2 = f"{sources.UNROLLED}, Figure 2"
SECTION = f"{sources.WGAN}, section 4.1"
SET = "eight_gaussians"
MAJORITY = 0.5  # of the samples; the largest of eight even shares changes by chance


class Settings(NamedTuple):
    seeds: int  # at most
    iterations: int
    interval: int  # iterations between two looks at the generator
    units: int
    latent_dim: int
    batch_size: int
    samples: int  # at each look


REDUCED = Settings(seeds=15, iterations=3_000, interval=50, units=64, latent_dim=64, batch_size=128, samples=1_000)
FULL = Settings(seeds=15, iterations=25_000, interval=50, units=128, latent_dim=256, batch_size=512, samples=1_000)

# name -> (game, its generator's and its critic's learning rates, the game's own arguments)
GAMES = {
    "GAN": (wk.GAN, 1e-3, 1e-4, {}),
    "GAN, equal rates": (wk.GAN, 1e-3, 1e-3, {}),
    "WGAN-GP": (wk.WGANGP, 1e-3, 1e-3, {"gradient_penalty_weight": 0.1}),
}


def build(name, seed, settings):
    game, generator_rate, critic_rate, arguments = GAMES[name]
    model = game(**plane.mlps(settings.units, 2, settings.latent_dim, seed), seed=seed, **arguments)
    adam = [keras.optimizers.Adam(rate, 0.5) for rate in (generator_rate, critic_rate)]
    model.compile(*adam, jit_compile=True, steps_per_execution=settings.interval)
    return model


def watch(model, seed, settings):
    """At each look: `shares` (looks, 8) of the samples nearest to each mode; `covered` (looks,) modes."""
    centers, std = toys.modes(SET)
    coverage = metrics.ModeCoverage(centers, std)
    points = toys.sample(SET, settings.interval * model.n_critic * settings.batch_size, seed)
    shares, covered = [], []
    for _ in range(settings.iterations // settings.interval):
        model.fit(points, batch_size=settings.batch_size, verbose=0)
        coverage.reset_state()
        coverage.update_state(model.sample(settings.samples, seed=0))
        shares.append((coverage.owned / settings.samples).tolist())
        covered.append(coverage.result().covered)
    return {"shares": shares, "covered": covered}


def train(seeds, settings):
    """A record a seed: what was watched of each game."""
    return plane.watched(GAMES, build, watch, seeds, settings)


def largest_share(shares):
    """Of the mode with the most samples, averaged over the looks: (seeds,)."""
    return shares.max(axis=2).mean(axis=1)


def change_rate(shares):
    """In what share of the looks one mode has the majority of the samples, and another had it before: (seeds,)."""
    majority = shares.max(axis=2) >= MAJORITY
    moved = np.diff(shares.argmax(axis=2), axis=1) != 0
    return np.mean(majority[:, :-1] & majority[:, 1:] & moved, axis=1)


def modes_visited(shares):
    """How many modes had the majority of the samples at some look: (seeds,)."""
    return (shares.max(axis=1) >= MAJORITY).sum(axis=1)


def conclude(records, settings):
    shares = {name: np.array([record[name]["shares"] for record in records]) for name in GAMES}
    later = {name: each[:, each.shape[1] // 2 :] for name, each in shares.items()}
    numbers = {
        name: {
            "covered_at_the_end": [record[name]["covered"][-1] for record in records],
            "largest_share": largest_share(later[name]).tolist(),
            "change_rate": change_rate(later[name]).tolist(),
            "modes_visited": modes_visited(shares[name]).tolist(),
        }
        for name in GAMES
    }
    return report.Result(claims(numbers), {"modes": draw(shares, settings)}, [], numbers)


def run(settings):
    return repeats.until_decided("oscillating_modes", train, conclude, settings)


def claims(numbers):
    share = "share of the samples at the largest mode, mean of the second half of training"
    gan, equal, gp = numbers.values()
    covered = np.array(gan["covered_at_the_end"])
    return [
        report.Claim(
            FIGURE_2,
            "The GAN's generator puts most of its mass on one mode at a time",
            f"{share}; median over seeds",
            estimates.median(gan["largest_share"]),
            at_least=0.5,
        ),
        report.Claim(
            FIGURE_2,
            "It rotates: over training every mode has had the majority",
            "modes that had the majority of the samples at some look, of 8; median over seeds",
            estimates.median(gan["modes_visited"]),
            at_least=8,
        ),
        report.Claim(
            FIGURE_2,
            "It never settles: the majority goes on moving",
            "share of looks, in the second half of training, at which the majority has moved to another mode; median "
            "over seeds",
            estimates.median(gan["change_rate"]),
            at_least=0.2,
            note=f"With equal learning rates {np.median(equal['change_rate']):.2f}: there the GAN drops modes for "
            f"good, the largest holding {min(equal['largest_share']):.2f} to {max(equal['largest_share']):.2f} of the "
            f"samples. WGAN-GP: {np.median(gp['change_rate']):.2f}.",
        ),
        report.Claim(
            SECTION,
            "A GAN fails to capture the whole mixture",
            "share of seeds with fewer than eight modes at the end",
            estimates.share(covered < 8),
            at_least=0.8,
            note=f"Modes covered at the end: {min(covered)} to {max(covered)}; by WGAN-GP, which has samples at all "
            f"modes but spreads them more widely, {min(gp['covered_at_the_end'])} to {max(gp['covered_at_the_end'])}.",
        ),
        report.Claim(
            SECTION,
            "A Wasserstein GAN (here WGAN-GP) keeps all modes at once",
            "share of seeds in which the largest mode has at most 0.25 of the samples, mean of the second half of "
            "training; 0.125 is even",
            estimates.share(np.array(gp["largest_share"]) <= 0.25),
            at_least=0.8,
            note=f"The largest mode's share: {min(gp['largest_share']):.3f} to {max(gp['largest_share']):.3f}.",
        ),
    ]


def draw(shares, settings):
    figure = Figure(figsize=(10, 5.5), layout="constrained")
    panels = figure.subplots(len(shares), 1, sharex=True)
    for axes, (name, each) in zip(panels, shares.items(), strict=True):
        extent = (0, settings.iterations, 7.5, -0.5)
        image = axes.imshow(each[0].T, aspect="auto", vmin=0, vmax=1, extent=extent, interpolation="nearest")
        axes.set(title=f"{name}, seed 0", ylabel="mode", yticks=range(8))
    panels[-1].set_xlabel("generator iteration")
    figure.colorbar(image, ax=panels, label="share of the samples")
    return figure


if __name__ == "__main__":
    report.main("oscillating_modes", __doc__, run, REDUCED, FULL)
