"""Which modes of the ring of 8 Gaussians a GAN's generator is at, over time, and how far it ever spreads.

    python -m benchmarks.oscillating_modes

Sources: 002_0e7c56bf96b42f19.txt, Mode Collapse, Figure 1 (from Metz et al. 2016): the generator rotates through the
modes and never settles; 001_8049a02488e81b49.txt, section 4.1. The set-up is that of Metz et al.: perceptrons of two
hidden layers, many latent dimensions, Adam with beta1 0.5, -log D; here the generator's learning rate is three times
the discriminator's. With equal rates the generator drops all modes but one and stays there, which the second run
shows. WGAN-GP with the same networks stands beside them. Reduced: 4,000 iterations of 2 x 64 units, about a minute
on two cores; `--full`: 25,000 of 2 x 128, latents of 256 dimensions.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks import plane, report
from wgan_keras import metrics
from wgan_keras.data import toys

FIGURE_1 = "002_0e7c56bf96b42f19.txt, Mode Collapse, Figure 1"
SET = "eight_gaussians"


class Settings(NamedTuple):
    iterations: int
    interval: int  # iterations between two looks at the generator
    units: int
    latent_dim: int
    batch_size: int
    samples: int  # at each look


REDUCED = Settings(iterations=4_000, interval=50, units=64, latent_dim=64, batch_size=128, samples=1_000)
FULL = Settings(iterations=25_000, interval=50, units=128, latent_dim=256, batch_size=512, samples=1_000)

# name -> (game, its generator's and its critic's learning rates, the game's own arguments)
GAMES = {
    "GAN": (wk.GAN, 1e-3, 3e-4, {}),
    "GAN, equal rates": (wk.GAN, 1e-3, 1e-3, {}),
    "WGAN-GP": (wk.WGANGP, 1e-3, 1e-3, {"gradient_penalty_weight": 0.1}),
}


class Watched(NamedTuple):
    """`shares` (looks, 8) of the samples nearest to each mode; `covered` (looks,) modes at each look."""

    shares: np.ndarray
    covered: np.ndarray


def watch(name, settings):
    game, generator_rate, critic_rate, arguments = GAMES[name]
    model = game(**plane.mlps(settings.units, 2, settings.latent_dim, seed=0), seed=0, **arguments)
    adam = [keras.optimizers.Adam(rate, 0.5) for rate in (generator_rate, critic_rate)]
    model.compile(*adam, jit_compile=True, steps_per_execution=settings.interval)
    points = toys.sample(SET, settings.interval * model.n_critic * settings.batch_size, seed=0)
    centres, std = toys.modes(SET)
    shares, covered = [], []
    for _ in range(settings.iterations // settings.interval):
        model.fit(points, batch_size=settings.batch_size, verbose=0)
        coverage = metrics.ModeCoverage(centres, std)
        coverage.update_state(model.sample(settings.samples, seed=0))
        shares.append(coverage.owned / settings.samples)
        covered.append(coverage.result().covered)
    return Watched(np.array(shares), np.array(covered))


def changes_of_mode(shares):
    """How often the mode with the most samples is another one than at the look before."""
    return int(np.count_nonzero(np.diff(shares.argmax(axis=1))))


def run(settings):
    watched = {name: watch(name, settings) for name in GAMES}
    gan, stuck, penalised = watched.values()
    later = {name: each.shares[len(each.shares) // 2 :] for name, each in watched.items()}
    claims = [
        report.Claim(
            FIGURE_1,
            "The GAN's generator puts most of its mass on one mode at a time",
            "mean share of the largest mode, second half of training",
            later["GAN"].max(axis=1).mean(),
            at_least=0.5,
        ),
        report.Claim(
            FIGURE_1,
            "It rotates: over training every mode has been the largest one",
            "modes that were the largest at some look, of 8",
            len(set(gan.shares.argmax(axis=1))),
            at_least=8,
        ),
        report.Claim(
            FIGURE_1,
            "It never settles: the largest mode goes on changing",
            "changes of the largest mode over looks, second half of training",
            changes_of_mode(later["GAN"]) / len(later["GAN"]),
            at_least=0.2,
        ),
        report.Claim(
            FIGURE_1,
            "A GAN rotates through the modes (equal learning rates)",
            "changes of the largest mode over looks, second half of training",
            changes_of_mode(later["GAN, equal rates"]) / len(later["GAN, equal rates"]),
            at_least=0.2,
            note="Tried beside the generator's rate being three times the discriminator's: equal rates. Where the "
            "rotation does not show, the generator has dropped modes for good: the largest one holds "
            f"{later['GAN, equal rates'].max(axis=1).mean():.2f} of the samples on average.",
        ),
        report.Claim(
            "001_8049a02488e81b49.txt, section 4.1",
            "A Wasserstein GAN (here WGAN-GP) keeps all modes at once",
            "mean share of the largest mode, second half of training; 0.125 is even",
            later["WGAN-GP"].max(axis=1).mean(),
            at_most=0.25,
        ),
    ]
    numbers = {name: {"covered_at_each_look": each.covered.tolist()} for name, each in watched.items()}
    return report.Result(claims, {"modes": draw(watched, settings)}, [0], numbers)


def draw(watched, settings):
    figure = Figure(figsize=(10, 5.5), layout="constrained")
    panels = figure.subplots(len(watched), 1, sharex=True)
    for axes, (name, each) in zip(panels, watched.items(), strict=True):
        extent = (0, settings.iterations, 7.5, -0.5)
        image = axes.imshow(each.shares.T, aspect="auto", vmin=0, vmax=1, extent=extent, interpolation="nearest")
        axes.set(title=name, ylabel="mode", yticks=range(8))
    panels[-1].set_xlabel("generator iteration")
    figure.colorbar(image, ax=panels, label="share of the samples")
    return figure


if __name__ == "__main__":
    report.main("oscillating_modes", __doc__, run, REDUCED, FULL)
