"""Maximum likelihood on a low-dimensional set: it needs noise, which the samples then must do without.

    python -m benchmarks.papers.noise_mle

Source: the WGAN paper, arXiv 1701.07875, section 1: where the model's set and the data's hardly meet, KL is infinite;
the remedy is to add noise; the deviation that is best for the likelihood is high, around 0.1 of pixels in [0, 1] (Wu et
al. 2016, arXiv 1611.04273), and makes the samples worse, so that they are shown without it. Two models:

- across the parallel lines of Example 1, data at 0 and a model at theta with noise: its best deviation is |theta|;
- the zoo's generator of Fashion-MNIST with noise, a mixture of as many Gaussians as it makes samples. Its best
  deviation is found on test images, and its samples are scored with and without the noise.

Nothing is trained: a minute on one core; `--full` takes more samples.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

import wgan_keras as wk
from benchmarks.papers import report, sources
from wgan_keras import data, plots, scoring

INTRODUCTION = f"{sources.WGAN}, section 1"
PRESET = "wgan_gp_fashion_mnist"
DEVIATIONS = np.geomspace(0.01, 1, 81)  # of pixels in [0, 1]
SHOWN = 36  # samples


class Settings(NamedTuple):
    samples: int  # of the generator: Gaussians of the mixture
    images: int  # of the test set
    scored: int  # of each Fréchet distance


REDUCED = Settings(samples=5_000, images=1_000, scored=2_000)
FULL = Settings(samples=50_000, images=10_000, scored=10_000)


def log_likelihoods(points, centers, deviations):
    """(deviations,): the mean log-density, nats, of points (n, d) under equal Gaussians around the centers (m, d)."""
    squares = cdist(points, centers, "sqeuclidean")
    sums = np.array([logsumexp(-squares / (2 * s**2), axis=1).mean() for s in deviations])
    return sums - np.log(len(centers)) - points.shape[1] / 2 * np.log(2 * np.pi * deviations**2)


def best_across_lines(thetas):
    """(thetas,): the best deviation for data at 0 and a model at theta."""
    likelihoods = [log_likelihoods(np.zeros((1, 1)), np.full((1, 1), theta), DEVIATIONS) for theta in thetas]
    return DEVIATIONS[np.argmax(likelihoods, axis=1)]


def with_noise(images, deviation):
    """Images in [-1, 1] with noise of a deviation that is told for [0, 1], cut to the range."""
    noise = np.random.default_rng(0).normal(0, 2 * deviation, images.shape)
    return np.clip(images + noise, -1, 1).astype("float32")


def flat(images):
    """(n, pixels) in [0, 1]."""
    return (np.reshape(images, (len(images), -1)) + 1) / 2


def run(settings):
    images = data.load_arrays("fashion_mnist", "test")[: settings.images]
    samples = wk.from_preset(PRESET).sample(max(settings.samples, settings.scored), seed=0)
    likelihoods = log_likelihoods(flat(images), flat(samples[: settings.samples]), DEVIATIONS)
    best = float(DEVIATIONS[likelihoods.argmax()])
    evaluation = scoring.reference(f"fid_fashion_mnist_classifier_{settings.scored}")
    clean = samples[: settings.scored]
    numbers = {
        "best_deviation": best,
        "log_likelihoods": dict(zip(map("{:.3g}".format, DEVIATIONS), likelihoods.tolist(), strict=True)),
        "frechet_distance": evaluation.scores(clean)["fid"],
        "frechet_distance_with_noise": evaluation.scores(with_noise(clean, best))["fid"],
    }
    figures = {"noise": draw(clean[:SHOWN], best, likelihoods)}
    return report.Result(claims(numbers, likelihoods), figures, [0], numbers)


def claims(numbers, likelihoods):
    thetas = np.array([0.02, 0.1, 0.5])
    ratio = numbers["frechet_distance_with_noise"] / numbers["frechet_distance"]
    return [
        report.Claim(
            INTRODUCTION,
            "Between parallel lines the likelihood needs noise as large as their distance",
            "largest relative error of the best deviation against theta; the grid's steps are 6%",
            np.max(np.abs(best_across_lines(thetas) / thetas - 1)),
            at_most=0.06,
        ),
        report.Claim(
            INTRODUCTION,
            "The noise is needed to make maximum likelihood work",
            f"log-likelihood of test images at the best deviation less that at {DEVIATIONS[0]:g}, nats an image",
            likelihoods.max() - likelihoods[0],
            at_least=1_000,
        ),
        report.Claim(
            f"{INTRODUCTION}; {sources.DECODERS}",
            "The best deviation of the noise is around 0.1 of pixels in [0, 1]",
            "deviation with the highest likelihood of test images, pixels in [0, 1]",
            numbers["best_deviation"],
            at_least=0.05,
            at_most=0.2,
        ),
        report.Claim(
            INTRODUCTION,
            "This noise degrades the samples",
            "Fréchet distance of the samples with it over that without it",
            ratio,
            at_least=2,
            note=f"{numbers['frechet_distance']:.3g} without, {numbers['frechet_distance_with_noise']:.3g} with it.",
        ),
    ]


def draw(samples, best, likelihoods):
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    curve, without, noisy = figure.subplots(1, 3)
    curve.plot(DEVIATIONS, likelihoods)
    curve.axvline(best, color="gray", linestyle=":")
    curve.set(xlabel="deviation of the noise", ylabel="log-likelihood, nats an image", xscale="log")
    curve.set_ylim(bottom=-2_000)
    for axes, images, title in ((without, samples, "without noise"), (noisy, with_noise(samples, best), "with it")):
        axes.imshow(np.asarray(plots.grid(images)), cmap="gray", vmin=0, vmax=255)
        axes.set_title(title)
        axes.set_axis_off()
    return figure


if __name__ == "__main__":
    report.main("noise_mle", __doc__, run, REDUCED, FULL)
