"""Stacked garments, 1,000 modes, in unrolled GAN's set-up: small critics, so that modes are dropped.

Metz et al. 2017, "Unrolled Generative Adversarial Networks" (arXiv 1611.02163, section 3.3.1), with the optimizers of
PacGAN's comparison with it (Lin et al., 2018, arXiv 1712.04086, section 4.2, and its published code): Adam at 1e-4 for
the generator and 2e-4 for the critic, beta_1 = 0.5, beta_2 = 0.99, minibatches of 128, 500,000 iterations, 25,600
samples. They stack MNIST's digits, anew for every minibatch; here `stacked_fashion_mnist` has 60,000 stacks. Reduced:
fewer iterations, all else as published. Tried: at four times the rates a GAN with the smaller critic had one mode left
after 400 iterations.
"""

import functools
from typing import NamedTuple

import numpy as np

from benchmarks.papers.collapse import stacked_networks
from benchmarks.papers.collapse.games import minibatch
from benchmarks.papers.collapse.techniques import STACKED
from wgan_keras import data, metrics

ITERATIONS = {"reduced": 2_000, "longer": 10_000, "full": 500_000}
DATA = "stacked_fashion_mnist"
CLASSES = 10  # of a channel
CHANNELS = 3
SURE = 0.9  # the classifier's probability of its class in each channel from which on a stack is of high quality
SHARE = 0.01  # as in `metrics.mode_coverage`


class Settings(NamedTuple):
    critic_filters: int  # of the first of three stages; the generator has 8 in its last
    generator_rate: float
    critic_rate: float
    beta_1: float
    beta_2: float
    batch_size: int
    iterations: int


class Stacked:
    """The stacks, with a critic of `filters` filters in its first stage."""

    networks, techniques = stacked_networks, STACKED
    compile = {"steps_per_execution": 25}
    seeds, samples = 3, 25_600
    modes = CLASSES**CHANNELS
    published_of = "for another set, MNIST's digits stacked"

    def __init__(self, filters):
        self.filters = filters

    def settings(self, size):
        return Settings(self.filters, 1e-4, 2e-4, 0.5, 0.99, batch_size=128, iterations=ITERATIONS[size])

    def in_words(self, settings):
        return f"{settings.iterations:,} of the published {ITERATIONS['full']:,} iterations"

    def fit(self, game, settings, seed):
        stacks = data.stream(_stacks("train"), minibatch(game, settings), seed)
        game.fit(stacks, steps_per_epoch=settings.iterations, verbose=0)

    def real(self, seed):
        stacks = _stacks("test")
        return data.scale(stacks[np.random.default_rng(seed).permutation(len(stacks))[: self.samples]])

    def score(self, samples):
        """The scores of (n, 28, 28, 3) stacks, by the classifier of one garment on each channel."""
        return scores(_classifier()(samples).probabilities)


def scores(probabilities):
    """Modes by the papers' rule and by ours, the share of sure samples, KL(samples' modes || equal shares) in nats.

    A mode is a class for each channel. The papers count one that any sample is of. Ours counts those that own 1% of
    the samples expected, and at least one, of which the classifier is sure in every channel.

    Args:
        probabilities: of the classes of each channel, (n, channels, classes).
    """
    classes, sure = probabilities.argmax(-1), (probabilities.max(-1) >= SURE).all(-1)
    kinds = probabilities.shape[-1]
    every = np.indices((kinds,) * classes.shape[-1]).reshape(classes.shape[-1], -1).T
    found = metrics.stacked_modes(classes, every, kinds)
    numbers = np.ravel_multi_index(tuple(classes[sure].T), (kinds,) * classes.shape[-1])
    owned = np.bincount(numbers, minlength=found.modes)
    return {
        "modes_by_one": found.covered,
        "modes_by_share": int(np.count_nonzero(owned >= max(1, SHARE * len(classes) / found.modes))),
        "high_quality": round(float(sure.mean()), 4),
        "reverse_kl": round(found.reverse_kl, 4),
    }


@functools.cache
def _stacks(split):
    return data.load_raw(DATA, split)


@functools.cache
def _classifier():
    return metrics.load_extractor("fashion_mnist_classifier_by_channel")
