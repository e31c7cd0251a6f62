"""Streaming moments are numpy's, in any order and after any merge."""

import numpy as np
import pytest

from wgan_keras.metrics import Moments


def features(n=1000, width=17):
    # A mean of 10^4 standard deviations: a running sum of squares would lose eight digits here.
    return np.random.default_rng(0).normal(1e4, 1.0, size=(n, width))


@pytest.mark.parametrize("batch", [1, 7, 128, 1000])
def test_batches_equal_numpy(batch):
    x = features()
    moments = Moments()
    for start in range(0, len(x), batch):
        moments.update_state(x[start : start + batch])
    assert moments.count == len(x)
    np.testing.assert_allclose(moments.mean, x.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(moments.covariance, np.cov(x, rowvar=False), atol=1e-10)


def test_merge_equals_one_pass():
    x = features()
    left, right, empty = Moments(x[:123]), Moments(x[123:]), Moments()
    left.merge(right)
    left.merge(empty)
    empty.merge(left)
    np.testing.assert_allclose(empty.covariance, np.cov(x, rowvar=False), atol=1e-10)
    np.testing.assert_allclose(empty.mean, x.mean(axis=0), rtol=1e-10)


def test_an_update_leaves_merged_moments_alone():
    x = features(100)
    source, target = Moments(x), Moments()
    target.merge(source)
    target.update_state(x + 1)
    np.testing.assert_array_equal(source.mean, Moments(x).mean)


def test_errors():
    moments = Moments(features(10))
    with pytest.raises(ValueError, match="5 wide came after 17 wide"):
        moments.update_state(np.zeros((3, 5)))
    with pytest.raises(ValueError, match="1 samples came"):
        _ = Moments(np.ones((1, 4))).covariance
