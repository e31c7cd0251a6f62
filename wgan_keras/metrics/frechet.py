"""The Fréchet distance between two sets of features, each taken for a Gaussian.

Source: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", eq. 6 (there on Inception
features, the FID); Dowson and Landau 1982 for Gaussians. Its estimate is biased upwards in 1/N, so N belongs
to every score's name.
"""

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.checks import NotFiniteError, TooFewError, check_pair
from wgan_keras.metrics.metric import Metric, Score, register_metric
from wgan_keras.metrics.moments import Moments


def frechet_distance(real: ArrayLike, fake: ArrayLike) -> float:
    """d^2 = |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) of features real (n, width) and fake (m, width).

    A float >= 0 in squared feature units, 0 for equal moments. Each set needs more samples than the features'
    width: below that its covariance is singular whatever the images are, and the score says little
    (ValueError).
    """
    real, fake = check_pair(real, fake)
    return _distance_between(Moments(real), Moments(fake))


def frechet_distance_from_moments(
    mean1: ArrayLike, covariance1: ArrayLike, mean2: ArrayLike, covariance2: ArrayLike
) -> float:
    """The same from means (width,) and covariances (width, width), which may be of any rank."""
    given = mean1, covariance1, mean2, covariance2
    mean1, covariance1, mean2, covariance2 = (np.asarray(moment, np.float64) for moment in given)
    shapes = [moment.shape for moment in (mean1, covariance1, mean2, covariance2)]
    if mean1.ndim != 1 or shapes != 2 * [mean1.shape, 2 * mean1.shape]:
        raise ValueError(f"The moments have shapes {shapes}; expected (width,) and (width, width), twice.")
    if not all(np.isfinite(moment).all() for moment in (mean1, covariance1, mean2, covariance2)):
        raise NotFiniteError(
            "The moments have NaN or infinite values; expected finite ones. Has the generator diverged?"
        )
    # The eigenvalues of S1 S2 are the squared singular values of S1^(1/2) S2^(1/2), so the trace of its root
    # is their sum. Singular values keep 16 digits where roots of small eigenvalues would keep 8.
    singular_values = np.linalg.svd(_root(covariance1).T @ _root(covariance2), compute_uv=False)
    difference = mean1 - mean2
    traces = np.trace(covariance1) + np.trace(covariance2) - 2 * singular_values.sum()
    return max(float(difference @ difference + traces), 0.0)  # rounding may leave -1e-15 for equal moments


def _distance_between(real, fake):
    _check_enough(real, "The real set")
    _check_enough(fake, "The fake set")
    return frechet_distance_from_moments(real.mean, real.covariance, fake.mean, fake.covariance)


def _check_enough(moments, name):
    if moments.count == 0:
        raise ValueError(f"{name} is empty; expected features (samples, width). Update its state first.")
    if moments.count <= moments.width:
        raise TooFewError(
            f"{name} has {moments.count} samples of {moments.width} features: its covariance is singular. "
            f"Expected at least {moments.width + 1} samples; add some, or use kernel_distance."
        )


def _root(covariance):
    """A factor R (width, width) with R R^T = covariance; directions below rounding are taken for empty."""
    values, vectors = np.linalg.eigh(covariance)
    rounding = len(values) * np.finfo(np.float64).eps * max(values[-1], 0.0)
    return vectors * np.sqrt(np.where(values > rounding, values, 0.0))


@register_metric("fid")
class FrechetDistance(Metric):
    """Fréchet distance: are the features of samples and real images alike in mean and covariance? Lower is better."""

    scores = {"fid": Score(distance=True)}
    in_all = True

    def check_first(self, protocol, extractor, first, class_names):
        width = first.features.shape[1]
        if protocol.count <= width:
            raise TooFewError(
                f"{protocol.name} scores {protocol.count} samples, and {extractor.name!r} makes {width} features of "
                f"each: their covariance would be singular. Expected at least {width + 1} samples, or kid_... of fewer."
            )

    def compute(self, evaluation, extracted):
        return {"fid": frechet_distance(evaluation.reference, extracted.features)}
