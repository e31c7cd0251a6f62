"""A batch computed piece by piece with JAX: what one piece needs is freed before the next begins."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
from jax import numpy as jnp

from wgan_keras._types import Tensor
from wgan_keras.backend import jax_sharding, piece
from wgan_keras.backend.state import assign, scope_around, stateless


def mean_over_pieces(function: Callable[..., Any], parts: Sequence[Tensor], size: int | None) -> Any:
    """The mean of function(*piece), a structure of float arrays, over the pieces of `size` rows of the parts.

    It is function(*parts) where `size` is None. On several devices a piece has `size` rows of each. The pieces are
    computed in order.
    """
    if size is None:
        return function(*parts)
    pieces = [jax_sharding.pieces(part, size) for part in parts]
    count = len(pieces[0])

    def on_piece(i, *rows):
        with piece.computed(i, count):
            return function(*rows)

    eager = not isinstance(pieces[0], jax.core.Tracer)
    total = (_added_up if eager else _added_up_in_a_scan)(on_piece, [jnp.arange(count), *pieces])
    return jax.tree.map(lambda x: x / count, total)


def _added_up(on_piece, pieces):
    return functools.reduce(_sum, [on_piece(*rows) for rows in zip(*pieces, strict=True)])


def _added_up_in_a_scan(on_piece, pieces):
    """One `scan`, whatever their number."""
    variables = scope_around().variables

    def result(values, rows):
        return stateless(lambda: on_piece(*rows), variables, values)

    def step(before, rows):
        values, total = before
        added, values = result(values, rows)
        return (values, _sum(total, added)), None

    values = [v.value for v in variables]
    shapes, _ = jax.eval_shape(result, values, [part[0] for part in pieces])
    zeros = jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), shapes)
    (values, total), _ = jax.lax.scan(step, (values, zeros), pieces)
    assign(variables, values)
    return total


def _sum(a, b):
    return jax.tree.map(jnp.add, a, b)
