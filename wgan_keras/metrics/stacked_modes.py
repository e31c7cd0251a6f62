"""How many of the 1,000 modes of stacked images the samples reach, and how evenly.

A mode is a class for each channel, as a classifier of the channels sees it. Metz et al. 2017, "Unrolled Generative
Adversarial Networks" (arXiv 1611.02163, section 3.3.1), count on stacked digits; Srivastava et al. 2017, "VEEGAN"
(arXiv 1705.07761, section 5.2), and Lin et al. 2018, "PacGAN" (arXiv 1712.04086, section 4.2), follow.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from wgan_keras.metrics.metric import Metric, Score, register_metric


class StackedModeScore(NamedTuple):
    """`covered`, the modes with at least one sample, of `modes`; two divergences of mode histograms in nats.

    With q the samples' share of each mode and p that of the data, `reverse_kl` is KL(q || p), which the papers give,
    and `forward_kl` is KL(p || q), where one sample is added to every mode: without it a single missing mode is
    infinity. N true samples have a reverse KL of about (modes - 1) / (2 N): 0.019 for 26,000 and 1,000 modes.
    """

    covered: int
    modes: int
    reverse_kl: float
    forward_kl: float


def stacked_modes(samples: ArrayLike, real: ArrayLike, classes: int = 10) -> StackedModeScore:
    """`StackedModeScore` of samples by the classes of their channels.

    Args:
        samples: the class of each channel of each sample, whole numbers (n, channels) from 0.
        real: the same of real stacks (m, channels), whose channels are independent: p is the product of the channels'
            shares of each class, far less noisy than counts of a few images a mode.
        classes: of one channel; there are classes^channels modes.

    Raises:
        ValueError: arrays of another form, numbers out of range, no stacks; a class that no real stack has in a
            channel, as of too few: p is not smoothed, and a sample of that class would make `reverse_kl` infinite.
    """
    samples, real = _check(samples, "samples", classes), _check(real, "real", classes)
    if samples.shape[1] != real.shape[1]:
        raise ValueError(f"samples have {samples.shape[1]} channels and real {real.shape[1]}; both need the same.")
    p = np.ones(1)
    for share in _shares(real, classes):  # p(a, b, c) = p1(a) p2(b) p3(c)
        p = np.outer(p, share).ravel()
    modes = np.ravel_multi_index(tuple(samples.T), (classes,) * samples.shape[1])
    counts = np.bincount(modes, minlength=len(p))
    smoothed = (counts + 1) / (len(samples) + len(p))
    return StackedModeScore(
        covered=int(np.count_nonzero(counts)),
        modes=len(p),
        reverse_kl=float(rel_entr(counts / len(samples), p).sum()),
        forward_kl=float(rel_entr(p, smoothed).sum()),
    )


def _shares(real, classes):
    """The share (channels, classes) of each class."""
    counts = np.array([np.bincount(channel, minlength=classes) for channel in real.T])
    if not counts.all():
        channel, number = np.argwhere(counts == 0)[0]
        raise ValueError(
            f"None of {len(real)} real stacks has class {number} in channel {channel}; expected some of each class in "
            "every channel. Take more real stacks, in a protocol by a larger count."
        )
    return counts / len(real)


def _check(stacks, name, classes):
    stacks = np.asarray(stacks)
    if stacks.ndim != 2 or not stacks.size or not np.issubdtype(stacks.dtype, np.integer):
        raise ValueError(
            f"{name} are {stacks.dtype} of shape {stacks.shape}; expected whole numbers (n, channels), the classes of "
            "n stacks' channels."
        )
    if not 0 <= stacks.min() <= stacks.max() < classes:
        raise ValueError(f"{name} are from {stacks.min()} to {stacks.max()}; expected classes 0 to {classes - 1}.")
    return stacks


@register_metric("stacked_modes")
class StackedModes(Metric):
    """Modes of `stacked_fashion_mnist`, of 1,000, that samples cover, and how evenly, by KL divergences.

    26,000 real training stacks against as many test stacks reach all 1,000 modes at a reverse KL of 0.0212 and a
    forward KL of 0.0202; the classifier names all three garments of 82.0% of the test stacks.
    """

    scores = {
        "stacked_modes": Score(better="higher"),
        "mode_reverse_kl": Score(distance=True),
        "mode_forward_kl": Score(distance=True),
    }
    by_channel = True

    def compute(self, evaluation, extracted):
        real = evaluation.real.probabilities
        classes = [each.argmax(axis=-1) for each in (extracted.probabilities, real)]
        score = stacked_modes(*classes, real.shape[-1])
        return {
            "stacked_modes": score.covered,
            "mode_reverse_kl": score.reverse_kl,
            "mode_forward_kl": score.forward_kl,
        }
