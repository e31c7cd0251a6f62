"""The maximum mean discrepancy under a mixture of RBF kernels (Li et al., 2017, "MMD GAN", arXiv 1705.08584)."""

from collections.abc import Sequence

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean

BANDWIDTHS = (1.0, 2.0, 4.0, 8.0, 16.0)  # section 5


def rbf_mixture(x: Tensor, y: Tensor, bandwidths: Sequence[float] = BANDWIDTHS) -> Tensor:
    """k(x, y) = sum over s of exp(-||x - y||^2 / (2 s^2)), for features (m, d) and (n, d): (m, n) in float32."""
    x, y = in_float32(x), in_float32(y)
    squares = (
        ops.sum(ops.square(x), -1, keepdims=True) + ops.sum(ops.square(y), -1) - 2 * ops.matmul(x, ops.transpose(y))
    )
    squares = ops.relu(squares)  # of equal features rounding may leave -1e-7
    return sum(ops.exp(-squares / (2 * s**2)) for s in bandwidths)


def squared_mmd(real_features: Tensor, fake_features: Tensor, bandwidths: Sequence[float] = BANDWIDTHS) -> Tensor:
    """E k(x, x') - 2 E k(x, y) + E k(y, y') over pairs of different samples, without bias: its mean is MMD^2.

    For equal distributions that is 0, and the estimate is negative half of the time.

    Args:
        real_features: (m, d), m at least 2.
        fake_features: (n, d), n at least 2.
        bandwidths: s of the kernels, in the unit of the features.

    References:
        Gretton et al., 2012, "A Kernel Two-Sample Test", Journal of Machine Learning Research 13, equation 3.
    """
    within = _mean_of_pairs(rbf_mixture(real_features, real_features, bandwidths))
    within += _mean_of_pairs(rbf_mixture(fake_features, fake_features, bandwidths))
    return within - 2 * mean(rbf_mixture(real_features, fake_features, bandwidths))


def witness(
    features: Tensor, real_features: Tensor, fake_features: Tensor, bandwidths: Sequence[float] = BANDWIDTHS
) -> Tensor:
    """f(t) = E k(t, x) - E k(t, y), large where the data are and small where fakes are: (batch, 1) in float32.

    References:
        Binkowski et al., 2018, "Demystifying MMD GANs", arXiv 1801.01401, section 2.1.
    """
    towards_real = ops.mean(rbf_mixture(features, real_features, bandwidths), -1, keepdims=True)
    return towards_real - ops.mean(rbf_mixture(features, fake_features, bandwidths), -1, keepdims=True)


def _mean_of_pairs(kernel):
    """The mean of a square matrix without its diagonal; of a single sample, which has no pairs, 0 and no estimate."""
    n = in_float32(ops.shape(kernel)[0])
    return (ops.sum(kernel) - ops.trace(kernel)) / ops.maximum(n * (n - 1), 1.0)
