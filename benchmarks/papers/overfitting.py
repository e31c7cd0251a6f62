"""A critic that overfits: its estimate on the images it learns from and on held-out ones, and the samples' novelty.

    python -m benchmarks.papers.overfitting

Source: the study guide of Depth First Learning, week 5, question 2, on the WGAN-GP paper (arXiv 1704.00028, section
5.3): the critic's loss detects overfitting, namely where its values on training and on validation images diverge. Two
WGAN-GP are trained alike on Fashion-MNIST, one on few images and one on all. Beside the estimates stands the distance
of the samples to their nearest training images, against that of held-out images (`wgan_keras.metrics.memorization` on
pixels). Reduced: 100 images, DCGAN of width 16, 750 iterations each, five minutes a seed on one core; with 2,000 images
nothing parts in so few (tried: a gap of -0.004). `--full`: 2,000 images, width 64, 20,000 iterations. Adam's rate is
5e-4, five times that of the WGAN-GP paper.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, repeats, report, sources
from wgan_keras import data, metrics

QUESTION_2 = f"{sources.GUIDE}, week 5, question 2; {sources.WGAN_GP}, section 5.3"
BATCH = 64
PARTED = 0.2  # of the training estimate: the gap from which the estimates count as parted


class Settings(NamedTuple):
    seeds: int  # at most
    few: int  # images of the small set
    width: int
    iterations: int
    interval: int  # iterations between two looks
    held_out: int  # images for the held-out estimate, and samples


REDUCED = Settings(seeds=5, few=100, width=16, iterations=750, interval=50, held_out=1_000)
FULL = Settings(seeds=5, few=2_000, width=64, iterations=20_000, interval=500, held_out=10_000)


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


def watch(images, held_out, seed, settings):
    """`Curves` of one training."""
    keras.utils.set_random_seed(seed)
    shape = images.shape[1:]
    gan = wk.WGANGP(
        wk.networks.dcgan_generator(shape, width=settings.width),
        wk.networks.dcgan_critic(shape, width=settings.width),
        seed=seed,
    )
    gan.compile(*[keras.optimizers.Adam(5e-4, 0.0, 0.9) for _ in range(2)])
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(settings.iterations // settings.interval):
        drawn = images[random.integers(len(images), size=settings.interval * gan.n_critic * BATCH)]
        gan.fit(drawn, batch_size=BATCH, verbose=0)
        z = novelty(gan.sample(settings.held_out, seed=0), images[: settings.few], held_out)
        rows.append((estimate(gan, images[: settings.held_out]), estimate(gan, held_out), z))
    return Curves(*np.array(rows).T)


def train(seeds, settings):
    """A record a seed: {"few", "all": curves}."""
    images = data.load_arrays("fashion_mnist", "train")
    held_out = data.load_arrays("fashion_mnist", "test")[: settings.held_out]
    for seed in seeds:
        curves = {"few": watch(images[: settings.few], held_out, seed, settings)}
        curves["all"] = watch(images, held_out, seed, settings)
        yield {name: {key: values.tolist() for key, values in each._asdict().items()} for name, each in curves.items()}


def conclude(records, settings):
    iterations = settings.interval * np.arange(1, settings.iterations // settings.interval + 1)
    few, whole = (
        [Curves(**{key: np.array(values) for key, values in record[name].items()}) for record in records]
        for name in ("few", "all")
    )
    parted = [parted_at(curves, iterations) for curves in few]
    numbers = {"iterations": iterations.tolist(), "parted_at": parted, "curves": records}
    figures = {"estimates": draw(few[0], whole[0], iterations, settings)}
    return report.Result(claims(few, whole, parted, settings), figures, [], numbers)


def run(settings):
    return repeats.until_decided("overfitting", train, conclude, settings, repeats.RECORDS)


def claims(few, whole, parted, settings):
    """Of a list of curves a seed, and where those of few images part."""
    measure = "(training - held-out) / training estimate, mean of the last three looks; median over seeds"
    z, z_of_all = (np.median([curves.z[-1] for curves in each]) for each in (few, whole))
    return [
        report.Claim(
            QUESTION_2,
            f"With {settings.few} images the critic's estimates on training and held-out images part",
            measure,
            estimates.median([gap(curves)[-3:].mean() for curves in few]),
            at_least=PARTED,
            note=f"They stay parted from iteration {', '.join(map(str, parted))} on, a seed each. The generator need "
            "not have memorized the images: their distance to the few has a z of memorization on pixels of "
            f"{z:.1f}, and {z_of_all:.1f} with all images, medians over seeds; copies have far less than 0.",
        ),
        report.Claim(
            QUESTION_2,
            "With all 60,000 images they stay together for as many iterations",
            measure,
            estimates.median([gap(curves)[-3:].mean() for curves in whole]),
            at_most=PARTED / 2,
        ),
    ]


def draw(few, whole, iterations, settings):
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    panels = figure.subplots(1, 3)
    for axes, curves, n in zip(panels, (few, whole), (f"{settings.few} images", "all images"), strict=False):
        axes.plot(iterations, curves.training, label="training images")
        axes.plot(iterations, curves.held_out, linestyle="--", label="held-out images")
        axes.set(title=n, xlabel="generator iteration", ylabel="Wasserstein estimate")
        axes.legend(fontsize="x-small")
    panels[1].sharey(panels[0])
    for curves, label in ((few, f"{settings.few} images"), (whole, "all images")):
        panels[2].plot(iterations, curves.z, label=label)
    panels[2].axhline(-3, color="gray", linestyle=":", linewidth=1)
    panels[2].set(title=f"distance to {settings.few} training images", xlabel="generator iteration", ylabel="z")
    panels[2].legend(fontsize="x-small")
    return figure


if __name__ == "__main__":
    report.main("overfitting", __doc__, run, REDUCED, FULL)
