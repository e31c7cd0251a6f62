"""Published numbers of others with their set-ups, beside what was measured here, and whether the two compare.

Ours are read from the results of this repository. Where the work differs, numbers say nothing of each other, and at
most their order does.
"""

import json
from typing import NamedTuple

import numpy as np

from benchmarks.pages import ROOT
from benchmarks.papers import sources
from benchmarks.papers.means import mean

GAMES = {"gan": "GAN", "wgan": "WGAN", "wgan_gp": "WGAN-GP"}
LUCIC = {"WGAN": 21.5, "WGAN-GP": 24.5, "GAN": 26.5}  # Fashion-MNIST
SEARCHED = (
    "Fréchet distance of 10,000 samples from 10,000 test images, Inception of 2015; the best of 100 settings, mean ± "
    "deviation of 50 trainings"
)
PACGAN = (
    "generator of 4 x 400 with batch normalization, critic of 3 x 200 maxout, 400 epochs; a mode counts with one "
    "sample within three deviations; mean ± standard error of 10 trainings"
)


class Anchor(NamedTuple):
    source: str
    setup: str
    published: str
    ours: str
    compared: str


def _read(path):
    return json.loads((ROOT / path).read_text())


def _order(scores):
    return ", ".join(sorted(scores, key=scores.get))


def study():
    """{game: mean score of the study's winner over its seeds}."""
    trained = {game: _read(f"benchmarks/study/results/{game}/study.json")["retrained"]["seeds"] for game in GAMES}
    return {GAMES[game]: float(np.mean([seed["fid"] for seed in seeds])) for game, seeds in trained.items()}


def modes(benchmark, scores, of):
    """Modes and high-quality share of a list of scores, in words."""
    covered, quality = (mean([each[name] for each in scores]) for name in ("modes", "high_quality"))
    return f"GAN {covered.in_words()} of {of}, {quality.value:.1%} high-quality ({benchmark}, {covered.seeds} seeds)"


def lucic():
    """Of Fashion-MNIST: the order is compared where the numbers are not."""
    ours = study()
    compared = "the same order" if _order(ours) == _order(LUCIC) else "the orders differ"
    return Anchor(
        "Lucic et al. 2018, arXiv 1711.10337, Fashion-MNIST",
        SEARCHED,
        "WGAN 21.5 ± 1.6, WGAN-GP 24.5 ± 2.1, GAN 26.5 ± 1.6, DRAGAN 27.7 ± 1.2, minimax GAN 29.6 ± 1.6, "
        "LSGAN 30.7 ± 2.2",
        f"{', '.join(f'{name} {score:.2f}' for name, score in ours.items())} (study, 3 seeds)",
        "not comparable: a Fashion-MNIST classifier's features, DCGANs of width 16, 24 settings. Order from the best: "
        f"theirs {_order(LUCIC)}; ours {_order(ours)}; {compared}",
    )


def pacgan():
    """Of the ring and of the grid."""
    ring = _read("benchmarks/papers/results/eight_gaussians/result.json")["numbers"]["last_look_of_each_seed"]["GAN"]
    grid = _read("benchmarks/papers/results/imle/result.json")["numbers"]["twenty_five_gaussians"]["GAN"]
    why = (
        "not comparable: other networks, rates and lengths; here a mode counts with 1% of the samples expected of it. "
        "The page on mode collapse has Lin et al.'s set-up, reduced"
    )
    return (
        Anchor(
            "Lin et al. 2018, arXiv 1712.04086, Table 1, ring of 8",
            PACGAN,
            "GAN 6.3 ± 0.5 of 8, 98.2% high-quality; PacGAN2 7.9 ± 0.1, 95.6%; PacGAN4 7.8 ± 0.1, 95.9%",
            modes("eight_gaussians", ring, 8),
            why,
        ),
        Anchor(
            "Lin et al. 2018, arXiv 1712.04086, Table 1, grid of 25",
            PACGAN,
            "GAN 17.3 ± 0.8 of 25, 94.8% high-quality; PacGAN2 23.8 ± 0.7, 91.3%; PacGAN4 24.8 ± 0.2, 93.6%",
            modes("imle", grid, 25),
            why,
        ),
    )


NOT_HERE = (
    Anchor(
        "Lucic et al. 2018, arXiv 1711.10337, MNIST",
        SEARCHED,
        "WGAN 6.7 ± 0.4, GAN 6.8 ± 0.5, DRAGAN 7.6 ± 0.4, LSGAN 7.8 ± 0.6, minimax GAN 9.8 ± 0.9, WGAN-GP 20.3 ± 5.0",
        "",
        "nothing is trained on MNIST here",
    ),
    Anchor(
        "Srivastava et al. 2017, arXiv 1705.07761, ring of 8 and grid of 25",
        "a mode counts with one sample within three deviations",
        "GAN 1 of 8 and 3.3 of 25; unrolled GAN 7.6 and 23.6; VEEGAN 8 and 24.6",
        "",
        "not comparable: their GAN and that of Lin et al. differ more than methods do, so a baseline is a range",
    ),
    Anchor(
        f"{sources.IMPROVED}, Table 3, CIFAR-10",
        "Inception score; one part left out at a time",
        "all 8.09, plain for virtual batch normalization 7.54, no label smoothing 6.83, no minibatch features 3.87",
        "",
        "not comparable: no model of CIFAR-10 is trained here",
    ),
)


def anchors():
    return (lucic(), *pacgan(), *NOT_HERE)
