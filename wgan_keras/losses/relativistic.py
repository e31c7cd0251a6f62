"""The relativistic average (Jolicoeur-Martineau, 2018, "The relativistic discriminator", arXiv 1807.00734).

A score is judged by how far it lies above the mean score of the other kind, so that a constant in all scores says
nothing, and the generator sees real images too.
"""

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean

# phi(y) of a difference y that is to be large: of RaSGAN -log sigmoid(y), of RaLSGAN, of RaHingeGAN.
MARGIN_LOSSES = {
    "logistic": lambda y: ops.softplus(-y),
    "least_squares": lambda y: ops.square(1 - y),
    "hinge": lambda y: ops.relu(1 - y),
}


def relativistic_average_loss(real_scores: Tensor, fake_scores: Tensor, loss: str = "logistic") -> Tensor:
    """E phi(C(x) - E C(g(z))) + E phi(E C(x) - C(g(z))) (section 4).

    The critic minimizes it, and the generator minimizes it with the two arguments exchanged.

    Args:
        real_scores: C(x), (batch, 1).
        fake_scores: C(g(z)), (batch, 1).
        loss: phi: "logistic", "least_squares" or "hinge".
    """
    phi = MARGIN_LOSSES[loss]
    real, fake = in_float32(real_scores), in_float32(fake_scores)
    return mean(phi(real - mean(fake))) + mean(phi(mean(real) - fake))
