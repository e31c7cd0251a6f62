"""What a metric may be given: each check names what came, what was expected and what to do."""

import numpy as np
from numpy.typing import ArrayLike


class NotFiniteError(ValueError):
    """Samples, or features of them, with NaN or infinite values."""


class TooFewError(ValueError):
    """Fewer samples than a score is made of."""


def check_features(features: ArrayLike, name: str) -> np.ndarray:
    """`features` as a float64 array (n, width); ValueError for another rank, an empty set, NaN or infinity."""
    features = np.asarray(features)
    if features.ndim != 2:
        raise ValueError(
            f"{name} has shape {features.shape}; expected features of shape (samples, width). "
            "Images go through an extractor first: wgan_keras.metrics.load_extractor(name)(images)."
        )
    if features.size == 0:
        raise ValueError(f"{name} is empty, of shape {features.shape}; a score needs samples.")
    features = features.astype(np.float64)
    finite = np.isfinite(features).all(axis=1)
    if not finite.all():
        raise NotFiniteError(
            f"{name} has NaN or infinite values in {np.count_nonzero(~finite)} of {len(features)} rows, the "
            f"first at row {int(np.argmin(finite))}; expected finite features. Has the generator diverged?"
        )
    return features


def check_pair(real: ArrayLike, fake: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both sets through `check_features`, and of one width."""
    real, fake = check_features(real, "real"), check_features(fake, "fake")
    if real.shape[1] != fake.shape[1]:
        raise ValueError(
            f"real features are {real.shape[1]} wide and fake ones {fake.shape[1]}; one extractor must make both."
        )
    return real, fake


def check_count(features: np.ndarray, at_least: int, name: str, reason: str) -> None:
    """TooFewError when there are fewer than `at_least` rows; `reason` ends the sentence."""
    if len(features) < at_least:
        raise TooFewError(f"{name} has {len(features)} samples; expected at least {at_least}: {reason}.")
