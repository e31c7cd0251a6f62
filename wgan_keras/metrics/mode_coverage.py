"""How many modes of a known mixture the samples reach, how cleanly and how evenly.

A sample is high-quality within 3 standard deviations of a mode; a mode is covered when it owns at least one
high-quality sample in 100 expected. Source of the first: Srivastava et al. 2017, "VEEGAN", section 5.1, whose
threshold of one sample in all grows easier with N; hence the second.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist
from scipy.special import rel_entr

from wgan_keras.data import toys
from wgan_keras.metrics.checks import check_features
from wgan_keras.metrics.metric import Metric, Score, register_metric

RADIUS = 3.0  # standard deviations
COVERED_SHARE = 0.01  # of the samples expected of a mode


class ModeScore(NamedTuple):
    """`covered` of `modes` modes; `high_quality`, the share of samples near a mode; `kl_to_uniform` in nats.

    True samples of a Gaussian mixture in the plane have a share of 1 - exp(-9/2) = 0.989. The KL is of the
    modes' shares of all samples, each given to its nearest mode, from equal shares: 0 when even, log(modes)
    when all samples are at one mode.
    """

    covered: int
    modes: int
    high_quality: float
    kl_to_uniform: float


def mode_coverage(samples: ArrayLike, centers: ArrayLike, std: float) -> ModeScore:
    """`ModeScore` of samples (n, d) for a mixture with `centers` (modes, d) and one `std` per coordinate (>
    0).

    `wgan_keras.data.toys.modes(name)` gives centers and std of the named mixtures.
    """
    metric = ModeCoverage(centers, std)
    metric.update_state(samples)
    return metric.result()


class ModeCoverage:
    """`mode_coverage` of samples that come in batches; it keeps two counts a mode."""

    def __init__(self, centers: ArrayLike, std: float) -> None:
        self.centers = check_features(centers, "centers")
        if not std > 0:
            raise ValueError(f"std={std}: expected the modes' standard deviation, above 0.")
        self.std = std
        self.reset_state()

    def update_state(self, samples: ArrayLike) -> None:
        samples = check_features(samples, "samples")
        if samples.shape[1] != self.centers.shape[1]:
            raise ValueError(
                f"samples have {samples.shape[1]} coordinates and the centers {self.centers.shape[1]}; "
                "both need the same."
            )
        distances = cdist(samples, self.centers)
        owner = distances.argmin(axis=1)
        near = distances.min(axis=1) <= RADIUS * self.std
        self.owned += np.bincount(owner, minlength=len(self.centers))
        self.owned_near += np.bincount(owner[near], minlength=len(self.centers))

    def result(self) -> ModeScore:
        count, modes = int(self.owned.sum()), len(self.centers)
        if count == 0:
            raise ValueError("No samples came yet; call update_state before result.")
        needed = max(1.0, COVERED_SHARE * count / modes)
        return ModeScore(
            covered=int((self.owned_near >= needed).sum()),
            modes=modes,
            high_quality=float(self.owned_near.sum() / count),
            kl_to_uniform=float(rel_entr(self.owned / count, 1 / modes).sum()),
        )

    def reset_state(self) -> None:
        self.owned = np.zeros(len(self.centers), np.int64)
        self.owned_near = np.zeros(len(self.centers), np.int64)


@register_metric("modes")
class Modes(Metric):
    """Modes of a toy mixture that samples cover, and the share of samples near a mode. Higher is better."""

    scores = {
        "modes_covered": Score(better="higher"),
        "modes": Score(better=None),
        "high_quality": Score(better="higher"),
        "mode_kl_to_uniform": Score(),
    }
    of_mixture = True
    needs_reference = False

    def compute(self, evaluation, extracted):
        score = mode_coverage(extracted.features, *toys.modes(evaluation.protocol.mixture))
        return {
            "modes_covered": score.covered,
            "modes": score.modes,
            "high_quality": score.high_quality,
            "mode_kl_to_uniform": score.kl_to_uniform,
        }
