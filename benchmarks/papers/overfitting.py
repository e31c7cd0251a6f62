"""A critic that overfits: its estimate on the images it learns from and on held-out ones, and the samples' novelty.

    python -m benchmarks.papers.overfitting

Source: 003_f7056bb199302867.txt, week 5, question 2: the critic's loss detects overfitting, namely where its values on
training and on validation images diverge. Two WGAN-GP are trained alike on Fashion-MNIST, one on few images and one
on all. Beside the estimates stands the distance of the samples to their nearest training images, against that of
held-out images (`wgan_keras.metrics.memorization` on pixels). Reduced: 100 images, DCGAN of width 16, 750 iterations
each, under six minutes on one core; with 2,000 images nothing parts in so few (tried: a gap of -0.004).
`--full`: 2,000 images, width 64, 20,000 iterations. Adam's rate is 5e-4, five times that of the WGAN-GP paper.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import report
from wgan_keras import data, metrics

QUESTION_2 = "003_f7056bb199302867.txt, week 5, question 2"
BATCH = 64
PARTED = 0.2  # of the training estimate: the gap from which the estimates count as parted


class Settings(NamedTuple):
    few: int  # images of the small set
    width: int
    iterations: int
    interval: int  # iterations between two looks
    held_out: int  # images for the held-out estimate, and samples


REDUCED = Settings(few=100, width=16, iterations=750, interval=50, held_out=1_000)
FULL = Settings(few=2_000, width=64, iterations=20_000, interval=500, held_out=10_000)


class Curves(NamedTuple):
    """One value a look: the estimate on training and on held-out images, and memorization's z."""

    training: np.ndarray
    held_out: np.ndarray
    z: np.ndarray


def gap(curves):
    """(training estimate - held-out estimate) / training estimate, a value a look."""
    return 1 - curves.held_out / curves.training


def parted_at(curves, iterations):
    """The iteration from which on the gap stays at `PARTED` or more; None where it does not in the end."""
    below = np.flatnonzero(gap(curves) < PARTED)
    first = 0 if len(below) == 0 else below[-1] + 1
    return int(iterations[first]) if first < len(iterations) else None


def novelty(samples, train, held_out):
    """Memorization's z on pixels: far below 0 the samples are copies."""
    flat = [each.reshape(len(each), -1) for each in (samples, train, held_out)]
    return metrics.memorization(*flat).z


def estimate(gan, images):
    """E f(images) - E f(samples) of the critic as it is; `fit` logs a mean over updates, which lags behind."""
    return gan.evaluate(images, batch_size=BATCH, verbose=0, return_dict=True)["wasserstein_estimate"]


def train(images, held_out, settings):
    keras.utils.set_random_seed(0)
    shape = images.shape[1:]
    gan = wk.WGANGP(
        wk.networks.dcgan_generator(shape, width=settings.width),
        wk.networks.dcgan_critic(shape, width=settings.width),
        seed=0,
    )
    gan.compile(*[keras.optimizers.Adam(5e-4, 0.0, 0.9) for _ in range(2)])
    random = np.random.default_rng(0)
    rows = []
    for _ in range(settings.iterations // settings.interval):
        drawn = images[random.integers(len(images), size=settings.interval * gan.n_critic * BATCH)]
        gan.fit(drawn, batch_size=BATCH, verbose=0)
        z = novelty(gan.sample(settings.held_out, seed=0), images[: settings.few], held_out)
        rows.append((estimate(gan, images[: settings.held_out]), estimate(gan, held_out), z))
    return Curves(*np.array(rows).T)


def run(settings):
    images = data.load_arrays("fashion_mnist", "train")
    held_out = data.load_arrays("fashion_mnist", "test")[: settings.held_out]
    few, all_images = (train(images[:n], held_out, settings) for n in (settings.few, len(images)))
    iterations = settings.interval * np.arange(1, settings.iterations // settings.interval + 1)
    numbers = {
        "iterations": iterations.tolist(),
        "parted_at": parted_at(few, iterations),
        "few": {name: values.tolist() for name, values in few._asdict().items()},
        "all": {name: values.tolist() for name, values in all_images._asdict().items()},
    }
    figures = {"estimates": draw(few, all_images, iterations, settings)}
    return report.Result(claims(few, all_images, numbers["parted_at"], settings), figures, [0], numbers)


def claims(few, all_images, parted, settings):
    measure = "(training - held-out) / training estimate, mean of the last three looks"
    return [
        report.Claim(
            QUESTION_2,
            f"With {settings.few} images the critic's estimates on training and held-out images part",
            measure,
            gap(few)[-3:].mean(),
            at_least=PARTED,
            note=f"They stay parted from iteration {parted} on." if parted else "They have not parted for good.",
        ),
        report.Claim(
            QUESTION_2,
            "With all 60,000 images they stay together for as many iterations",
            measure,
            gap(all_images)[-3:].mean(),
            at_most=PARTED / 2,
        ),
        report.Claim(
            QUESTION_2,
            "Where they part, the generator memorizes the training images (the source does not say so)",
            "z of memorization on pixels less that of the generator that has seen all images, last look",
            few.z[-1] - all_images.z[-1],
            at_most=-3,
            note=f"z is {few.z[-1]:.1f}, and {all_images.z[-1]:.1f} with all images, both of the distance to these "
            f"{settings.few}; copies have far less. Where neither memorizes, what overfits is the critic.",
        ),
    ]


def draw(few, all_images, iterations, settings):
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    panels = figure.subplots(1, 3)
    for axes, curves, n in zip(panels, (few, all_images), (f"{settings.few} images", "all images"), strict=False):
        axes.plot(iterations, curves.training, label="training images")
        axes.plot(iterations, curves.held_out, linestyle="--", label="held-out images")
        axes.set(title=n, xlabel="generator iteration", ylabel="Wasserstein estimate")
        axes.legend(fontsize="x-small")
    panels[1].sharey(panels[0])
    for curves, label in ((few, f"{settings.few} images"), (all_images, "all images")):
        panels[2].plot(iterations, curves.z, label=label)
    panels[2].axhline(-3, color="gray", linestyle=":", linewidth=1)
    panels[2].set(title=f"distance to {settings.few} training images", xlabel="generator iteration", ylabel="z")
    panels[2].legend(fontsize="x-small")
    return figure


if __name__ == "__main__":
    report.main("overfitting", __doc__, run, REDUCED, FULL)
