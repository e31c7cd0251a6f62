"""What no metric takes: each error names what came and what to do."""

import numpy as np
import pytest

from wgan_keras import metrics

REAL = np.random.default_rng(0).normal(size=(50, 4))
WITH_NAN = REAL.copy()
WITH_NAN[3, 1] = np.nan
PAIRWISE = [
    metrics.frechet_distance,
    metrics.kernel_distance,
    metrics.prdc,
    metrics.sliced_wasserstein,
    metrics.exact_wasserstein,
    metrics.nearest_neighbors,
]


@pytest.mark.parametrize("metric", PAIRWISE)
def test_unfit_features(metric):
    with pytest.raises(ValueError, match=r"is empty, of shape \(0, 4\)"):
        metric(REAL, np.zeros((0, 4)))
    with pytest.raises(ValueError, match=r"in 1 of 50 rows, the first at row 3"):
        metric(WITH_NAN, REAL)
    with pytest.raises(ValueError, match=r"in 1 of 50 rows.*Has the generator diverged"):
        metric(REAL, WITH_NAN)
    with pytest.raises(ValueError, match=r"shape \(50, 2, 2, 1\).*load_extractor"):
        metric(REAL.reshape(50, 2, 2, 1), REAL)
    with pytest.raises(ValueError, match="one extractor must make both"):
        metric(REAL, REAL[:, :3])


@pytest.mark.parametrize("metric", PAIRWISE)
def test_float32_features_are_computed_in_float64(metric):
    """Single precision comes in, and leaves the result of the same numbers in double precision."""
    real, fake = REAL.astype("float32"), REAL[::-1].astype("float32") + np.float32(0.5)
    narrow, wide = metric(real, fake), metric(real.astype(float), fake.astype(float))
    np.testing.assert_array_equal(np.asarray(narrow), np.asarray(wide))
