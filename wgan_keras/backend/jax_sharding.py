"""Several devices with JAX: one program of whole batches, whose rows lie on all devices of `keras.distribution`.

What is computed of a row is computed where it lies, and XLA exchanges what is of the whole batch. So nothing in a loss
or a layer knows of it; what must be said is where the data and the random numbers lie.
"""

import contextlib

import jax
import keras
import numpy as np
from jax.sharding import NamedSharding, PartitionSpec

from wgan_keras import processes


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
    if distribution is not None:
        processes.join(jax.process_index(), jax.process_count())
    return distribution


def scope(distribution):
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
