"""The gradient penalty of *Improved Training of Wasserstein GANs* (Gulrajani et al., 2017)."""

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from wgan_keras import random
from wgan_keras._schema import NonNegative
from wgan_keras._types import Tensor
from wgan_keras.penalties.norms import gradient_norms, wide
from wgan_keras.penalties.penalty import Penalty, register_penalty


def interpolate(real: Tensor, fake: Tensor, seed: int | keras.random.SeedGenerator | None = None) -> Tensor:
    """Points on the segments between pairs: u * real + (1 - u) * fake, one u ~ uniform(0, 1) a sample."""
    ones = (1,) * (len(real.shape) - 1)
    u = ops.cast(random.uniform((ops.shape(real)[0], *ones), seed), real.dtype)
    return u * real + (1 - u) * fake


def gradient_penalty(
    critic: Callable[[Tensor], Tensor],
    real: Tensor,
    fake: Tensor,
    one_sided: bool = False,
    seed: int | keras.random.SeedGenerator | None = None,
) -> tuple[Tensor, Tensor]:
    """(||grad f(x)|| - 1)^2 at interpolates x of real and fake images, in float32 or wider.

    Args:
        critic: callable, (batch, ...) -> (batch, 1). A Keras model is called in inference mode, so that the penalty
            is that of one function and not of a random one (dropout).
        real: (batch, ...) tensor.
        fake: one of the same shape.
        one_sided: penalize only norms above 1: max(0, ||grad|| - 1)^2.
        seed: for the coefficients: a `keras.random.SeedGenerator`; an int, for the same ones at every call; None for
            Keras's own, which a function that JAX traces has not.

    Returns:
        (penalty, norms): the mean over the batch, a scalar, and the (batch,) L2 norms over all other axes.
    """
    norms = gradient_norms(critic, interpolate(wide(real), wide(fake), seed))
    excess = ops.relu(norms - 1) if one_sided else norms - 1
    return ops.mean(ops.square(excess)), norms


@register_penalty("gradient_penalty")
@dataclasses.dataclass
class GradientPenalty(Penalty):
    """weight * E (||grad f(x)|| - 1)^2 at interpolates x, for any game; `WGANGP` has it built in.

    Logs `gradient_penalty` (before the weight) and `gradient_norm`.

    Args:
        weight: lambda.
        one_sided: penalize only norms above 1.
    """

    weight: NonNegative = 10.0
    one_sided: bool = False

    log_names = ("gradient_penalty", "gradient_norm")
    panels = {"Gradient penalty": ("gradient_penalty",), "Gradient norm": ("gradient_norm",)}
    differentiates_critic = True

    def critic_term(self, critic: Any, real: Tensor, fake: Tensor, seed: Any) -> tuple[Tensor, dict[str, Tensor]]:
        penalty, norms = gradient_penalty(critic.inference, real, fake, self.one_sided, seed)
        return self.weight * penalty, {"gradient_penalty": penalty, "gradient_norm": ops.mean(norms)}
