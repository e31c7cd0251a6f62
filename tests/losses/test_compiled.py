"""Every loss and its slopes are the same numbers under XLA as eagerly."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from wgan_keras import losses
from wgan_keras.losses.relativistic import MARGIN_LOSSES

partial = functools.partial
# Functions of two sets of scores, or of features.
LOSSES = {
    "value": losses.discriminator_value,
    "wasserstein": losses.wasserstein_estimate,
    "least_squares": losses.least_squares_critic_loss,
    "hinge": losses.hinge_critic_loss,
    "energy": partial(losses.energy_critic_loss, margin=0.5),
    "mmd": partial(losses.squared_mmd, bandwidths=(1, 4)),
    **{name: partial(losses.relativistic_average_loss, loss=name) for name in MARGIN_LOSSES},
    **{name: partial(losses.variational_bound, divergence=name) for name in losses.F_DIVERGENCES},
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_slopes_under_xla_are_the_eager_ones(name):
    def with_slopes(real, fake):
        with tf.GradientTape() as tape:
            tape.watch([real, fake])
            value = LOSSES[name](real, fake)
        return value, *tape.gradient(value, [real, fake])

    rng = np.random.default_rng(0)
    scores = [tf.constant(rng.normal(size=(6, 1)), "float32") for _ in range(2)]
    compiled = tf.function(with_slopes, jit_compile=True)(*scores)
    for one, other in zip(compiled, with_slopes(*scores), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
