"""Minibatches that are computed piece by piece, to save memory: a step is that of the whole minibatch, or is refused.

A loss that is a mean over images is the mean of the pieces' means, and so are its gradients. Random numbers are drawn
by an image's place in the minibatch.
"""

import functools

import keras
from keras import ops

from wgan_keras import backend
from wgan_keras.models import checks
from wgan_keras.models.read_only import random_states
from wgan_keras.models.settings import Setting
from wgan_keras.models.sharing import differing, measured
from wgan_keras.objectives import OBJECTIVES
from wgan_keras.parts import at_most_one
from wgan_keras.penalties import PENALTIES
from wgan_keras.views import VIEWS
from wgan_keras.views.view import joined_by


class MicroBatch(Setting):
    """A `Setting` that is None where images depend on each other."""

    def __set__(self, game, value):
        value = self.valid(value)
        check_independent(game, value)
        m = game.batch_size_in_use
        if m is not None:
            check_divides_into_pieces(m, game, value)
        super().__set__(game, value)


class Pieces:
    """For a game, mixed in before its trainer: its updates are computed by `micro_batch` images at a time."""

    micro_batch = MicroBatch(checks.MicroBatch | None)
    _pieces_measured = False

    def update(self, network, optimizer, loss, real, latents, labels):
        """One step of the optimizer on `loss(real, latents[, labels]) -> (scalar, logs)`; returns the logs."""
        if self.micro_batch is not None:
            loss = _from_one_state(loss, [self.seed_generator.state, *network.non_trainable_weights])
        parts = [part for part in (real, latents, labels) if part is not None]
        variables = network.trainable_variables
        if not variables:  # of a frozen network the step counts all the same
            optimizer.iterations.assign_add(1)
            _, logs = backend.mean_over_pieces(loss, parts, self.micro_batch)
        else:
            _, logs = backend.minimize(loss, variables, optimizer, parts, self.micro_batch)
        return logs

    def make_train_function(self, force=False):
        if self.micro_batch is not None and not self._pieces_measured:
            joins = joined_by(self.views)
            images = self.random_batch(4 * joins, self.generator.output_shape[1:])
            _check_pieces(self, *images, size=2 * joins)
            self._pieces_measured = True
        super().make_train_function(force)


def check_divides_into_pieces(m, game, size):
    """Refuses a minibatch of which a device's share is no pieces of `size`, or whose pieces cut what a view joins.

    Raises:
        ValueError: names the nearest `micro_batch` that fits.
    """
    share, joins = m // game.device_count, joined_by(game.views)
    fitting = [n for n in range(joins, share + 1, joins) if share % n == 0]
    if size is None or size in fitting:
        return
    near = [max((n for n in fitting if n < size), default=None), min((n for n in fitting if n > size), default=None)]
    of_devices = f", {share} on each of {game.device_count} devices" if game.device_count > 1 else ""
    joined = f" and a multiple of the {joins} images that a view joins" if joins > 1 else ""
    raise ValueError(
        f"micro_batch is {size}, and the batch size {m}{of_devices}; expected a divisor of {share}{joined}, such as "
        f"{' or '.join(str(n) for n in near if n is not None)}."
    )


def check_independent(game, micro_batch):
    """Refuses pieces where the loss of an image depends on the others of its minibatch.

    Raises:
        ValueError: names the game, part or layer by which it does.
    """
    for what, remedy in () if micro_batch is None else _tying(game):
        raise ValueError(
            f"micro_batch is {micro_batch}, and {what} makes of a minibatch what is no mean over its images, so that "
            f"pieces of it would give another step. Leave micro_batch out, or {remedy}."
        )


def _tying(game):
    """(what ties the images of a minibatch together, what to do about it) of a game."""
    if game.ties_samples:
        yield f"the game {type(game).__name__}", "take another game"
    for registry, parts in (
        (PENALTIES, game.penalties),
        (VIEWS, game.views),
        (OBJECTIVES, at_most_one(game.objective)),
    ):
        for part in parts:
            if part.ties_samples:
                yield f"the {registry.kind} {registry.name_of(type(part))!r}", f"the {registry.kind}"
    for role in ("generator", "critic"):
        for layer in getattr(game, role)._flatten_layers():
            if _ties_samples(layer):
                others = "None" if role == "generator" else "None, 'layer' or 'spectral'"
                yield (
                    f"the {role}'s layer {layer.name!r} ({type(layer).__name__})",
                    f"build the {role} without it, as functions of wgan_keras.networks do with normalization={others}; "
                    f'in a recipe, such as a copy of a run\'s config.json, with "normalization": null of its "{role}"',
                )


def _ties_samples(layer):
    if isinstance(layer, keras.layers.BatchNormalization):
        return layer.trainable  # a frozen one uses its moving statistics
    return getattr(layer, "ties_samples", False)


def _from_one_state(loss, states):
    """`loss`, for pieces: each begins with the states that the whole minibatch would begin with, and leaves its own.

    So all draw from the same streams, and a power iteration is made once and not for each piece.
    """
    before = [ops.copy(state) for state in states]

    def of_a_piece(*piece):
        for state, value in zip(states, before, strict=True):
            state.assign(value)
        return loss(*piece)

    return of_a_piece


def _check_pieces(game, images, labels, size):
    """Measures that the game's losses on pieces of a batch are those on the whole batch.

    Not where layers draw random numbers, which are others in pieces.

    Raises:
        ValueError: they are not.
    """
    if random_states(game.generator) + random_states(game.critic):
        return
    parts = [ops.convert_to_tensor(part) for part in (images, labels) if part is not None]
    on_piece = _from_one_state(functools.partial(measured, game), [game.validation_seed_generator.state])
    for name, whole, of_pieces in differing(game, parts, lambda: backend.mean_over_pieces(on_piece, parts, size)):
        raise ValueError(
            f"The game's {name} is {whole:.6g} on a batch and {of_pieces:.6g} on average over its pieces: a loss, a "
            "penalty, a view or a layer takes of the batch what is no mean over images. Leave micro_batch out."
        )
