"""Mean and covariance of features that arrive in batches; no batch is kept."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.checks import check_features


class Moments:
    """Count, mean and covariance of every feature vector seen, in float64.

    Batches are merged by the pairwise formula of Chan, Golub, LeVeque 1979 ("Updating formulae and a pairwise
    algorithm for computing sample variances", eq. 2.1), which loses no digits where a running sum of squares
    would. `count`, `mean` (width,) and `scatter` (width, width), the sum of (x - mean)(x - mean)^T, are the
    whole state.
    """

    def __init__(self, features: ArrayLike | None = None) -> None:
        self.count = 0
        self.mean: Any = None  # an array once there are features
        self.scatter: Any = None
        if features is not None:
            self.update_state(features)

    def update_state(self, features: ArrayLike) -> None:
        """Add features (n, width). ValueError on an empty batch, NaN, or another width than before."""
        features = check_features(features, "features")
        mean = features.mean(axis=0)
        centered = features - mean
        self._add(len(features), mean, centered.T @ centered)

    def merge(self, other: "Moments") -> None:
        """Add all that another `Moments` has seen."""
        if other.count:
            self._add(other.count, other.mean, other.scatter)

    @property
    def width(self) -> int | None:
        """The width of the features seen, None before the first."""
        return None if self.mean is None else len(self.mean)

    @property
    def covariance(self) -> np.ndarray:
        """The unbiased sample covariance (width, width): the scatter over count - 1, as `numpy.cov`."""
        if self.count < 2:
            raise ValueError(f"{self.count} samples came; a covariance needs at least 2. Add more.")
        return self.scatter / (self.count - 1)

    def _add(self, count, mean, scatter):
        if self.count == 0:
            self.count, self.mean, self.scatter = count, mean.copy(), scatter.copy()
            return
        if len(mean) != self.width:
            raise ValueError(f"Features {len(mean)} wide came after {self.width} wide; use one extractor.")
        total = self.count + count
        step = mean - self.mean
        self.scatter = self.scatter + scatter + np.outer(step, step) * (self.count * count / total)
        self.mean = self.mean + step * (count / total)
        self.count = total
