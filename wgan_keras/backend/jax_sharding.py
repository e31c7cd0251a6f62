"""Several devices with JAX: one program of whole batches, whose rows lie on all devices of `keras.distribution`.

What is computed of a row is computed where it lies, and XLA exchanges what is of the whole batch. So nothing in a loss
or a layer knows of it; what must be said is where the data and the random numbers lie.
"""

import contextlib
import math
import os
from collections.abc import Sequence
from typing import Any

import jax
import keras
import numpy as np
from jax.sharding import NamedSharding, PartitionSpec

from wgan_keras._types import Tensor
from wgan_keras.backend import piece
from wgan_keras.runtime import last_words, processes, waiting


def distribution_here():
    """The distribution that is set when this is called; None for none.

    Raises:
        ValueError: one that splits variables.
    """
    distribution = keras.distribution.distribution()
    if distribution is not None and not isinstance(distribution, keras.distribution.DataParallel):
        raise ValueError(
            f"The game was made under a {type(distribution).__name__}; expected keras.distribution.DataParallel, whose "
            "devices hold all variables each."
        )
    join(distribution)
    return distribution


def join(distribution):
    """Tells which of the processes this is that train together."""
    if distribution is not None:
        processes.join(jax.process_index(), jax.process_count())


def chosen(wanted):
    """The distribution over the `wanted` devices, "all" or how many; of several machines where Keras's variables name
    them (KERAS_DISTRIBUTION_JOB_ADDRESSES).

    To try it without GPUs, a CPU can be as many devices as are wanted.

    Raises:
        ValueError: there are fewer, or `wanted` for several machines, which each give all they have.
    """
    if wanted == 1:
        return None
    if "KERAS_DISTRIBUTION_JOB_ADDRESSES" in os.environ:
        if wanted != "all":
            raise ValueError(f"{wanted} devices are wanted, and of several machines; expected all.")
        with waiting.for_others("KERAS_DISTRIBUTION_JOB_ADDRESSES"):
            keras.distribution.initialize()
        distribution = keras.distribution.DataParallel(auto_shard_dataset=False)
        join(distribution)
        if processes.count() > 1:
            # Where the first process is gone, JAX may abort the others before their exchange with it fails.
            last_words.say_at_abort(
                "wgan-keras: JAX aborted this process and said why above. If that speaks of the distributed service: "
                f"{processes.one_is_gone()}"
            )
        return distribution
    if wanted != "all":
        with contextlib.suppress(RuntimeError):  # once JAX has computed something, its devices are those that it has
            jax.config.update("jax_num_cpu_devices", wanted)
    there = keras.distribution.list_devices()
    if wanted != "all" and wanted > len(there):
        raise ValueError(
            f"{wanted} devices are wanted, and there are {len(there)}; expected at most as many. A CPU can be several "
            "if they are asked for before JAX computes anything."
        )
    if wanted == "all":
        wanted = 1 if there[0].startswith("cpu") else len(there)
    devices = there[:wanted]
    return None if len(devices) == 1 else keras.distribution.DataParallel(devices=devices)


def lost_process(error: BaseException) -> bool:
    """Whether an exception says that another of the processes that train together is gone."""
    return processes.count() > 1 and any(sign in str(error) for sign in ("Gloo", "NCCL", "coordination service"))


def scope(distribution):
    """That of the distribution, or none."""
    return contextlib.nullcontext() if distribution is None else distribution.scope()


@contextlib.contextmanager
def hidden_from_keras():
    """Within it Keras's loops hand on whole batches, which they would split before they are n_critic minibatches."""
    distribution = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(distribution)


def check_made_under(distribution, variables):
    """Refuses variables that lie on other devices than those of the distribution, or than the one there is."""
    expected = None if distribution is None else set(_mesh(distribution).devices.flat)
    for variable in variables:
        devices = variable.value.sharding.device_set
        if len(devices) > 1 if expected is None else devices != expected:
            raise ValueError(
                f"{variable.path} was made on {len(devices)} device(s), and the game on {len(expected or '1')}. Call "
                "keras.distribution.set_distribution() first of all, before networks, game and optimizers are made."
            )


def placed(distribution, data, axis):
    """Arrays of numpy, or of one device, with `axis` over all devices; whole on each where it does not divide."""

    def place(x):
        devices = distribution.num_model_replicas
        spec = [None] * axis + [distribution.batch_dim_name] if x.shape[axis] % devices == 0 else []
        sharding = NamedSharding(_mesh(distribution), PartitionSpec(*spec))
        if jax.process_count() == 1:
            return jax.device_put(x, sharding)
        x = np.asarray(x)  # each process has the whole batch
        return jax.make_array_from_callback(x.shape, sharding, lambda rows: x[rows])

    return keras.tree.map_structure(lambda x: None if x is None else place(x), data)


def pieces(x, size):
    """(m, ...) as (pieces, rows, ...), where a piece is `size` rows of each device."""
    distribution = keras.distribution.distribution()
    devices = 1 if distribution is None else distribution.num_model_replicas
    each = x.reshape(devices, -1, size, *x.shape[1:]).swapaxes(0, 1)
    return _over_devices(distribution, each.reshape(-1, devices * size, *x.shape[1:]), axis=1)


def positions(shape: Sequence[Any]) -> tuple[Tensor, Any] | None:
    """(int32 `shape`, where numbers of the piece under way stand among those of the whole batch; how many these are).

    The first axis is over all devices. None where there is one of each, and all stand in order.
    """
    distribution = keras.distribution.distribution()
    if distribution is None or shape[0] % distribution.num_model_replicas:
        distribution = None
    devices = 1 if distribution is None else distribution.num_model_replicas
    _, parts = piece.part(0, devices)
    counted = jax.lax.iota("int32", math.prod(shape)).reshape(shape)
    if parts == 1 or (parts == devices and not isinstance(counted, jax.core.Tracer)):  # in no step
        return None
    size = counted.size // devices
    index, _ = piece.part(counted // size, devices)
    return _over_devices(distribution, index * size + counted % size, axis=0), size * parts


def _over_devices(distribution, x, axis):
    """x with `axis` over all devices, where it is computed in a step."""
    if distribution is None or not isinstance(x, jax.core.Tracer):
        return x
    spec = [None] * axis + [distribution.batch_dim_name]
    return jax.lax.with_sharding_constraint(x, NamedSharding(_mesh(distribution), PartitionSpec(*spec)))


def _mesh(distribution):
    return distribution.device_mesh.backend_mesh
