"""Variational bounds of f-divergences (Nowozin, Cseke, Tomioka, 2016, "f-GAN", arXiv 1606.00709).

D_f(P || Q) = sum q f(p / q) = sup over T of E_P T - E_Q f*(T), where f*(t) = sup over u of u t - f(u) is f's convex
conjugate. The critic is T before an activation that keeps it in f*'s domain: T(x) = g_f(V(x)).
"""

from collections.abc import Callable
from typing import NamedTuple

from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32, mean

_LOG_2 = 0.6931471805599453


class FDivergence(NamedTuple):
    """What tables 2 and 6 hold of a divergence, as functions of the critic's output v.

    Fields:
        activation: g_f(v), which grows with v.
        conjugate: f*(g_f(v)), simplified, so that nothing overflows between f* and g_f.
    """

    activation: Callable[[Tensor], Tensor]
    conjugate: Callable[[Tensor], Tensor]


F_DIVERGENCES = {
    "kl": FDivergence(lambda v: v, lambda v: ops.exp(v - 1)),
    "reverse_kl": FDivergence(lambda v: -ops.exp(-v), lambda v: v - 1),
    "pearson": FDivergence(lambda v: v, lambda v: ops.square(v) / 4 + v),
    "squared_hellinger": FDivergence(lambda v: -ops.expm1(-v), lambda v: ops.expm1(v)),
    "jensen_shannon": FDivergence(lambda v: _LOG_2 - ops.softplus(-v), lambda v: ops.softplus(v) - _LOG_2),
    "gan": FDivergence(lambda v: -ops.softplus(-v), lambda v: ops.softplus(v)),
}


def variational_bound(real_scores: Tensor, fake_scores: Tensor, divergence: str) -> Tensor:
    """F = E g_f(V(x)) - E f*(g_f(V(g(z)))), at most D_f(P || Q) (equations 4 and 6).

    Equality holds where g_f(V) = f'(p / q). The critic maximizes F. In nats, with f of table 1: "kl" is KL(P || Q),
    "reverse_kl" KL(Q || P), "pearson" sum (p - q)^2 / q, "squared_hellinger" sum (sqrt p - sqrt q)^2,
    "jensen_shannon" KL(P || M) + KL(Q || M) with M = (P + Q) / 2, and "gan" that less log 4.

    Args:
        real_scores: V(x), (batch, 1).
        fake_scores: V(g(z)), (batch, 1).
        divergence: a name of `F_DIVERGENCES`.
    """
    f = F_DIVERGENCES[divergence]
    return mean(f.activation(in_float32(real_scores))) - mean(f.conjugate(in_float32(fake_scores)))


def variational_generator_loss(fake_scores: Tensor, divergence: str) -> Tensor:
    """-E f*(g_f(V(g(z)))), the part of the bound that depends on the generator (equation 6)."""
    return -mean(F_DIVERGENCES[divergence].conjugate(in_float32(fake_scores)))


def alternative_generator_loss(fake_scores: Tensor, divergence: str) -> Tensor:
    """-E g_f(V(g(z))), the -log D trick for any divergence (section 3.2)."""
    return -mean(F_DIVERGENCES[divergence].activation(in_float32(fake_scores)))
