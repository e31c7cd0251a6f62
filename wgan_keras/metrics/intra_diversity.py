"""How unlike one another the samples of a class are, relative to the real images of that class.

With phi(x) the features of an image, the diversity of n images is their mean distance in pairs,

    D = 2 / (n (n - 1)) sum over i < j of |phi(x_i) - phi(x_j)|,

and the score of a class is D of the samples over D of the real images: 1 as diverse, 0 for a single image. Source: Zhu
et al. 2017, "Toward Multimodal Image-to-Image Translation" (arXiv 1711.11586, section 5), where phi are the weighted
activations of LPIPS; Odena et al. 2017 (arXiv 1610.09585, section 4.2) compare pairs within a class by MS-SSIM.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import pdist

from wgan_keras.metrics.by_class import within_classes
from wgan_keras.metrics.checks import check_count
from wgan_keras.metrics.metric import Metric, Score, register_metric


def intra_class_diversity(
    real: ArrayLike, real_labels: ArrayLike, fake: ArrayLike, fake_labels: ArrayLike
) -> np.ndarray:
    """The mean distance in pairs of the samples of each class, over that of its real images.

    Args:
        real: features (n, width).
        real_labels: (n,) class numbers of the real images.
        fake: features (m, width).
        fake_labels: (m,) class numbers that the samples were asked for.

    Returns:
        (classes,), a ratio >= 0 for each class of `real_labels`, in order. Above 1 the samples of a class are more
        diverse than its real images, as where some are of other classes.

    Raises:
        ValueError: a class that only one of the sets has, or of which either has a single sample; real images of a
            class that are all alike.
    """
    classes = within_classes(real, real_labels, fake, fake_labels)
    return np.array([_ratio(number, *features) for number, *features in classes])


def _ratio(number, real, fake):
    for features, name in ((real, "real"), (fake, "fake")):
        check_count(features, 2, f"Class {number} of {name}", "a distance is between two")
    of_real = pdist(real).mean()
    if of_real == 0:
        raise ValueError(f"The real images of class {number} are all alike; expected some that differ.")
    return pdist(fake).mean() / of_real


@register_metric("intra_diversity")
class IntraClassDiversity(Metric):
    """`intra_class_diversity` relative to the reference, the mean over the classes.

    It has no best state: below 1 more is better, and beyond it samples are of other classes, or noise.
    """

    scores = {"intra_diversity": Score(better=None)}
    needs_labels = True

    def compute(self, evaluation, extracted):
        real = evaluation.real
        ratios = intra_class_diversity(real.features, real.labels, extracted.features, extracted.labels)
        return {"intra_diversity": ratios}
