"""K classes of real images and one of generated ones (Salimans et al., 2016, arXiv 1606.03498, section 5).

The critic returns logits l (batch, K) of the classes; that of generated images is fixed to 0, which loses nothing, and
D(x) = Z / (Z + 1) with Z = sum_k exp(l_k) is the probability that x is real.
"""

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean


def supervised_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """-log p(y | x, x is real), the mean over the images that have a label; 0 where none has.

    Args:
        logits: of real images, (batch, K).
        labels: (batch, K) one-hot; all zero for an image without a label.
    """
    labels = in_float32(labels)
    total = -ops.sum(labels * ops.log_softmax(in_float32(logits)))
    return total / ops.maximum(ops.sum(labels), 1.0)


def unsupervised_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-E log D(x) - E log(1 - D(G(z))): every image tells whether it is real."""
    real, fake = _log_z(real_logits), _log_z(fake_logits)
    return mean(ops.softplus(real) - real) + mean(ops.softplus(fake))


def realness_generator_loss(fake_logits: Tensor) -> Tensor:
    """-E log D(G(z))."""
    return mean(ops.softplus(-_log_z(fake_logits)))


def _log_z(logits):
    return ops.logsumexp(in_float32(logits), axis=-1)
