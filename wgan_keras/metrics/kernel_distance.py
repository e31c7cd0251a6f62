"""The kernel distance between two sets of features: squared maximum mean discrepancy with a cubic kernel.

Source: Bińkowski et al. 2018, "Demystifying MMD GANs", section 4 (there on Inception features, the KID); the
unbiased estimator is eq. 3 of Gretton et al. 2012. Being unbiased, it may be below 0, and scores of different
N agree.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.checks import check_count, check_pair
from wgan_keras.metrics.metric import Metric, Score, register_metric


class KernelScore(NamedTuple):
    """`mean` over the subsets, the estimate, and `std` from one subset to another, 0 where there is but one."""

    mean: float
    std: float


def kernel_distance(
    real: ArrayLike, fake: ArrayLike, subsets: int = 100, subset_size: int = 1000, seed: int = 0
) -> KernelScore:
    """`KernelScore` of features real (n, width) and fake (m, width), kernel (x.y / width + 1)^3.

    Each of `subsets` draws takes `subset_size` features of either set without replacement, or all of the
    smaller set where it has fewer, and estimates MMD^2 without bias. Where that is all of both sets there is but
    one draw. The same `seed` draws the same subsets. ValueError below 2 samples a set.
    """
    real, fake = check_pair(real, fake)
    check_count(real, 2, "real", "the unbiased estimate compares pairs")
    check_count(fake, 2, "fake", "the unbiased estimate compares pairs")
    size = min(subset_size, len(real), len(fake))
    if subsets < 1 or size < 2:
        raise ValueError(f"subsets={subsets}, subset_size={subset_size}: expected at least 1 and 2.")
    if size == len(real) == len(fake):
        return KernelScore(float(squared_mmd(real, fake)), 0.0)
    random = np.random.default_rng(seed)
    estimates = []
    for _ in range(subsets):
        chosen_real = random.choice(len(real), size, replace=False)
        chosen_fake = random.choice(len(fake), size, replace=False)
        estimates.append(squared_mmd(real[chosen_real], fake[chosen_fake]))
    return KernelScore(float(np.mean(estimates)), float(np.std(estimates)))


def squared_mmd(x: np.ndarray, y: np.ndarray) -> float:
    """The unbiased MMD^2 of features x (n, width) and y (m, width): no sample is paired with itself."""
    n, m = len(x), len(y)
    within_x, within_y = _kernel_sum(x, x) - _kernel_trace(x), _kernel_sum(y, y) - _kernel_trace(y)
    return within_x / (n * (n - 1)) + within_y / (m * (m - 1)) - 2 * _kernel_sum(x, y) / (n * m)


def _kernel_sum(x, y):
    """The sum of (x[i].y[j] / width + 1)^3 over all i and j."""
    kernel = x @ y.T
    kernel /= x.shape[1]
    kernel += 1
    return np.einsum("ij,ij,ij->", kernel, kernel, kernel)


def _kernel_trace(x):
    return (((x * x).sum(axis=1) / x.shape[1] + 1) ** 3).sum()


@register_metric("kid")
class KernelDistance(Metric):
    """Kernel distance: are the features alike in distribution? Unbiased, also of few samples. Lower is better."""

    scores = {"kid": Score(distance=True), "kid_std": Score(better=None)}
    in_all = True

    def compute(self, evaluation, extracted):
        score = kernel_distance(evaluation.reference, extracted.features, seed=evaluation.seed)
        return {"kid": score.mean, "kid_std": score.std}
