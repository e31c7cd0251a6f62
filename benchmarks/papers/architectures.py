"""Three games with three generators each: the samples of the zoo's nine image presets, their quality and diversity.

    python -m benchmarks.papers.architectures

Source: the WGAN paper, arXiv 1701.07875, section 4.4, Figures 6 to 8: with a DCGAN generator WGAN and GAN both do well;
without batch normalization and with a constant number of filters, or with an MLP of 4 x 512 units, the GAN fails or
collapses and WGAN does not. The paper shows bedrooms; here presets trained on Fashion-MNIST by
`tools.zoo.recipes` are sampled and scored under a classifier's features. A preset is the best state of its
training by Fréchet distance, so that a collapse later in training is not seen here; its averaged generator draws.
The zoo trains the DCGANs twice as long as the others; for one comparison all have the iterations of the shortest
training, and the best distance that training logged till then. Games are compared at equal lengths. The numbers are
of these nine presets, one training each: what other seeds would give they do not say.
Nothing is trained: about two minutes on one core, and `--full` takes the same samples.
"""

import sys
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import report, sources
from wgan_keras import callbacks, metrics, plots, scoring
from wgan_keras.metrics.neighbors import squared_radii
from wgan_keras.presets import store

SECTION = f"{sources.WGAN}, section 4.4"
GAMES = {"wgan": "WGAN", "wgan_gp": "WGAN-GP", "gan": "GAN"}
GENERATORS = {"": "DCGAN", "plain_": "DCGAN without batch norm, constant filters", "mlp_": "MLP"}
SEED = 1  # of the samples; training chose its best state by those of seed 0
MAKES_SAMPLES = 0.1  # coverage from which a game counts as having learned; garments repeated or blurred have less
SHOWN = 64  # samples a cell on the sheet


class Settings(NamedTuple):
    samples: int  # a cell, and test images


REDUCED = FULL = Settings(samples=10_000)


class Scores(NamedTuple):
    """`fid`; `precision`, `recall` and `coverage` in [0, 1]; three that fall when the samples are alike; `early_fid`.

    `coverage`: the share of test images that have a sample among their neighbors; blobs and copies of one garment have
    next to none.
    `spread`: the mean squared distance between two samples' features over that between two test images'.
    `separation`: the median distance of a sample's features to the nearest other sample's, over that of test images;
    near 0 when samples repeat.
    `smallest_class`: the share of the rarest of the ten classes, at most 0.1.
    `early_fid`: the lowest in training up to the last iteration of the zoo's shortest.
    """

    fid: float
    precision: float
    recall: float
    coverage: float
    spread: float
    separation: float
    smallest_class: float
    early_fid: float


def preset(game, generator):
    return f"{game}_{generator}fashion_mnist"


def check_presets():
    """Ends the benchmark with one sentence unless all nine presets are there."""
    wanted = {preset(game, generator) for game in GAMES for generator in GENERATORS}
    missing = sorted(wanted - set(store.list_presets()))
    if missing:
        sys.exit(f"The zoo has no {', '.join(missing)}; train them by the recipes of tools.zoo.recipes.")


def early_fids():
    """{(game, generator): the lowest distance that training logged up to the last iteration of the shortest}."""
    rows = {
        (game, generator): callbacks.read_history(store.ZOO / preset(game, generator) / "history.csv")
        for game in GAMES
        for generator in GENERATORS
    }
    shortest = min(each[-1]["iteration"] for each in rows.values())
    return {cell: min(row["val_fid"] for row in each if row["iteration"] <= shortest) for cell, each in rows.items()}


def score(samples, evaluation, early_fid):
    """`Scores` of images (n, 28, 28, 1) against an evaluation's test images."""
    real, extracted = evaluation.reference, evaluation.extractor(samples)
    near = metrics.prdc(real, extracted.features)
    shares = np.bincount(extracted.probabilities.argmax(axis=1), minlength=10) / len(samples)
    return Scores(
        metrics.frechet_distance(real, extracted.features),
        near.precision,
        near.recall,
        near.coverage,
        spread(extracted.features) / spread(real),
        separation(extracted.features) / separation(real),
        float(shares.min()),
        early_fid,
    )


def spread(features):
    """The mean squared distance between two of the rows, which is twice their total variance."""
    return float(2 * features.astype("float64").var(axis=0).sum())


def separation(features):
    """The median distance between a row and the nearest other one."""
    return float(np.median(np.sqrt(squared_radii(features.astype("float64"), 1))))


def run(settings):
    check_presets()
    evaluation = scoring.reference(f"prdc_fashion_mnist_classifier_{settings.samples}")
    scores, shown = {}, {}
    for cell, early_fid in early_fids().items():
        samples = wk.from_preset(preset(*cell)).sample(settings.samples, seed=SEED)
        scores[cell] = score(samples, evaluation, early_fid)
        shown[cell] = samples[:SHOWN]
    numbers = {preset(*cell): each._asdict() for cell, each in scores.items()}
    return report.Result(claims(scores), {"sheet": draw(shown, scores)}, [SEED], numbers)


def claims(scores):
    def fid(game, generator):
        return scores[game, generator].fid

    def coverage(game, *generators):
        return min(scores[game, each].coverage for each in generators)

    def cells(game, name):
        return ", ".join(f"{label} {getattr(scores[game, each], name):.3f}" for each, label in GENERATORS.items())

    def worst(game):
        return max(scores[game, generator].early_fid for generator in GENERATORS)

    collapsed, kept = scores["gan", "mlp_"], scores["wgan", "mlp_"]
    makes = "coverage: share of test images with a sample near by; of training images 0.97"
    return [
        report.Claim(
            f"{SECTION}, Figure 6",
            "With the DCGAN generator WGAN and the GAN both make good samples",
            "smaller of precision and recall, of the worse of the two games",
            min(min(scores[game, ""].precision, scores[game, ""].recall) for game in ("wgan", "gan")),
            at_least=0.5,
        ),
        report.Claim(
            f"{SECTION}, Figure 7",
            "Without batch norm and with constant filters WGAN still makes samples",
            makes,
            coverage("wgan", "plain_"),
            at_least=MAKES_SAMPLES,
            note=f"WGAN's coverage: {cells('wgan', 'coverage')}.",
        ),
        report.Claim(
            f"{SECTION}, Figure 7",
            "There the GAN fails to learn",
            makes,
            coverage("gan", "plain_"),
            at_most=MAKES_SAMPLES,
            note=f"The GAN's coverage: {cells('gan', 'coverage')}.",
        ),
        report.Claim(
            f"{SECTION}, Figure 8",
            "With the MLP WGAN still makes samples, worse ones than with the DCGAN generator",
            makes,
            coverage("wgan", "mlp_"),
            at_least=MAKES_SAMPLES,
            at_most=coverage("wgan", ""),
        ),
        report.Claim(
            f"{SECTION}, Figure 8",
            "They are better than those of the GAN's MLP",
            "Fréchet distance of the GAN over WGAN's",
            fid("gan", "mlp_") / fid("wgan", "mlp_"),
            at_least=1,
        ),
        report.Claim(
            f"{SECTION}, Figure 8",
            "The GAN's MLP collapses: its samples are nearer to each other than those of WGAN's MLP",
            "median distance of a sample to the nearest other one under the classifier's features, GAN over WGAN",
            collapsed.separation / kept.separation,
            at_most=0.8,
            note=f"Over that of test images {collapsed.separation:.2f} and {kept.separation:.2f}. Mean squared "
            f"distance between any two, over that of test images: {collapsed.spread:.2f} and {kept.spread:.2f}.",
        ),
        report.Claim(
            f"{SECTION}, Figure 8",
            "The GAN's MLP collapses: its samples reach fewer of the real images than those of WGAN's MLP",
            "coverage, GAN less WGAN",
            collapsed.coverage - kept.coverage,
            at_most=-0.05,
            note=f"Recall {collapsed.recall:.3f} and {kept.recall:.3f}.",
        ),
        report.Claim(
            SECTION,
            "No WGAN collapses",
            "median distance of a sample to the nearest other one, over that of test images, smallest of WGAN's three "
            "cells; near 0 when samples repeat",
            min(scores["wgan", generator].separation for generator in GENERATORS),
            at_least=0.5,
            note=f"The GAN's: {cells('gan', 'separation')}. Share of WGAN's rarest class, 0.1 is even: "
            f"{cells('wgan', 'smallest_class')}.",
        ),
        report.Claim(
            SECTION,
            "WGAN depends less on the generator's architecture than the GAN",
            "Fréchet distance of the worst of the three generators after equal iterations, WGAN over GAN",
            worst("wgan") / worst("gan"),
            at_most=1,
            note=f"WGAN: {cells('wgan', 'early_fid')}; GAN: {cells('gan', 'early_fid')}.",
        ),
        report.Claim(
            f"{SECTION}, Figures 7 and 8",
            "WGAN-GP makes samples with all generators",
            f"{makes}, smaller of the other two",
            coverage("wgan_gp", "plain_", "mlp_"),
            at_least=MAKES_SAMPLES,
            note=f"The paper's statement, for its successor. Coverage: {cells('wgan_gp', 'coverage')}.",
        ),
    ]


def draw(shown, scores):
    """A row a generator, a column a game."""
    figure = Figure(figsize=(13, 14.5), layout="constrained")
    for row, (generator, label) in zip(figure.subplots(3, 3), GENERATORS.items(), strict=True):
        for axes, (game, name) in zip(row, GAMES.items(), strict=True):
            axes.imshow(np.asarray(plots.grid(shown[game, generator])), cmap="gray", vmin=0, vmax=255)
            each = scores[game, generator]
            axes.set_title(
                f"{name}, {label}\nfid {each.fid:.3g}, precision {each.precision:.2f}, recall {each.recall:.2f}\n"
                f"spread {each.spread:.2f}, rarest class {each.smallest_class:.1%}",
                fontsize="small",
            )
            axes.set_axis_off()
    return figure


if __name__ == "__main__":
    report.main("architectures", __doc__, run, REDUCED, FULL)
