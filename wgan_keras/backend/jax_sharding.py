"""Several devices with JAX: one program of whole batches, whose rows lie on all devices of `keras.distribution`.

What is computed of a row is computed where it lies, and XLA exchanges what is of the whole batch. So nothing in a loss
or a layer knows of it; what must be said is where the data and the random numbers lie.
"""

import contextlib
import os

import jax
import keras
import numpy as np
from jax.sharding import NamedSharding, PartitionSpec

from wgan_keras.runtime import processes


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
        keras.distribution.initialize()
        return keras.distribution.DataParallel(auto_shard_dataset=False)
    if wanted != "all":
        jax.config.update("jax_num_cpu_devices", wanted)
    there = keras.distribution.list_devices()
    if wanted != "all" and wanted > len(there):
        raise ValueError(f"{wanted} devices are wanted, and there are {len(there)}; expected at most as many.")
    if wanted == "all":
        wanted = 1 if there[0].startswith("cpu") else len(there)
    devices = there[:wanted]
    return None if len(devices) == 1 else keras.distribution.DataParallel(devices=devices)


def lost_process(error):
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


def positions(shape):
    """(int32 `shape`, 0, 1, ... in order, the first axis over all devices; their count); None where there is one."""
    distribution = keras.distribution.distribution()
    if distribution is None or shape[0] % distribution.num_model_replicas:
        return None
    count = int(np.prod(shape))
    counted = jax.lax.iota("int32", count).reshape(shape)
    if not isinstance(counted, jax.core.Tracer):  # in no step
        return None
    rows = NamedSharding(_mesh(distribution), PartitionSpec(distribution.batch_dim_name))
    return jax.lax.with_sharding_constraint(counted, rows), count


def _mesh(distribution):
    return distribution.device_mesh.backend_mesh
