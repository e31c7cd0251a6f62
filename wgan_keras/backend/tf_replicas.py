"""Several devices with TensorFlow: `tf.distribute` runs a body on each, with the device's share of a batch.

The state is mirrored: each replica holds all variables, and moves its own by the same numbers. What differs between
replicas, and what must not, is told by one rule: **a replica differentiates its own loss, and gradients are averaged.**
A mean over the whole batch is then the mean of the replicas' means, and a sum over replicas inside a loss hands every
replica's derivative to all of them.
"""

import contextlib
import threading

import keras
import tensorflow as tf

from wgan_keras import processes
from wgan_keras.backend.tf_derivatives import with_derivative

_STRATEGIES = (
    tf.distribute.OneDeviceStrategy,
    tf.distribute.MirroredStrategy,
    tf.distribute.MultiWorkerMirroredStrategy,
)

_AT_HOME = tf.distribute.get_strategy()  # TensorFlow's own, of one device

_this_thread = threading.local()  # a replica is a thread


def strategy_here():
    """The strategy in whose scope this is called; TensorFlow's own, of one device, where there is none.

    Raises:
        ValueError: one whose replicas do not hold the same variables.
    """
    strategy = tf.distribute.get_strategy()
    if strategy is not _AT_HOME and not isinstance(strategy, _STRATEGIES):
        raise ValueError(
            f"The game was made under a {type(strategy).__name__}; expected a MirroredStrategy or a "
            "MultiWorkerMirroredStrategy, whose replicas move together."
        )
    if isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        _join(strategy.cluster_resolver)
    return strategy


def _join(resolver):
    workers = resolver.cluster_spec().as_dict()
    chiefs = len(workers.get("chief", ()))
    index = (resolver.task_id or 0) + (chiefs if resolver.task_type == "worker" else 0)
    processes.join(index, max(1, chiefs + len(workers.get("worker", ()))))


def scope(strategy):
    return contextlib.nullcontext() if strategy is _AT_HOME else strategy.scope()


class OfKeras:
    """In place of a strategy for Keras's loops, which hand on whole batches then."""

    @staticmethod
    def run(function, args):
        return function(*args)

    @staticmethod
    def experimental_distribute_dataset(dataset):
        return dataset


def jit(strategy, jit_compile):
    """What Keras is told of XLA: over several devices "auto" means none.

    Raises:
        ValueError: XLA was asked for, which cannot compile what devices exchange.
    """
    if strategy.num_replicas_in_sync == 1 or not jit_compile:
        return jit_compile
    if jit_compile == "auto":
        return False
    raise ValueError(
        f"jit_compile is {jit_compile!r}, and the game is on {strategy.num_replicas_in_sync} devices, between which "
        "TensorFlow's XLA exchanges nothing. Leave jit_compile out, or train on the JAX backend."
    )


def check_made_under(strategy, variables):
    """Refuses variables that were made under another strategy, or under none."""
    for variable in variables:
        owner = getattr(variable.value, "distribute_strategy", _AT_HOME)
        if owner is not strategy:
            raise ValueError(
                f"{variable.path} was made under {_in_words(owner)}, and the game under {_in_words(strategy)}. Make "
                "networks, game and optimizers in one scope: with strategy.scope(): ..."
            )


def _in_words(strategy):
    return "no strategy" if strategy is _AT_HOME else f"a {type(strategy).__name__}"


def share():
    """(which of the shares of a batch this replica has, how many there are); (0, 1) where a batch is not shared."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1 or getattr(_this_thread, "has_all", False):
        return 0, 1
    return context.replica_id_in_sync_group, context.num_replicas_in_sync


def on_each_device(body, parts):
    """Calls body(*parts), tensors with one row a sample; under a strategy on every replica, with its share of the rows.

    Rows that do not split evenly, as those of the last batch of a validation, are given to every replica as a whole.
    """
    if not tf.distribute.has_strategy():
        body(*parts)
        return
    strategy = tf.distribute.get_strategy()
    rows = parts[0].shape[0]
    shared = rows is not None and rows % strategy.num_replicas_in_sync == 0

    def on_one(*parts):
        with contextlib.nullcontext() if shared else with_whole_batches():
            body(*map(own, parts))

    strategy.run(on_one, args=tuple(parts))


@contextlib.contextmanager
def with_whole_batches():
    """Within it this replica has whole batches, as all others have."""
    _this_thread.has_all = True
    try:
        yield
    finally:
        _this_thread.has_all = False


def own(x):
    """This replica's rows of a whole batch."""
    index, count = share()
    if count == 1:
        return x
    rows = tf.shape(x)[0] // count
    return x[index * rows : (index + 1) * rows]


def among_zeros(x):
    """A whole batch of this replica's rows and zeros."""
    index, count = share()
    rows = tf.shape(x)[0]
    around = [[index * rows, (count - 1 - index) * rows], *[[0, 0]] * (len(x.shape) - 1)]
    return tf.pad(x, around)


def positions(shape):
    """(int32 `shape`, count): where random numbers of this replica stand among the `count` of the whole batch.

    None where they are all of them. The first axis of `shape` is that of the samples.
    """
    index, parts = share()
    if parts == 1:
        return None
    size = tf.reduce_prod(shape)
    return tf.reshape(index * size + tf.range(size), shape), size * parts


def whole(x):
    """The rows of all replicas; the derivative comes back from all of them."""
    return x if share()[1] == 1 else _summed(among_zeros(x))


def mean(x):
    """The mean over all replicas; its derivative is that of all of them."""
    _, count = share()
    return x if count == 1 else _summed(x) / count


def averaged(structure):
    """Tensors, each in the mean over all replicas, by one exchange; without a derivative."""
    if share()[1] == 1:
        return structure
    values = [tf.convert_to_tensor(value) for value in keras.tree.flatten(structure)]
    return keras.tree.pack_sequence_as(structure, _reduced(tf.distribute.ReduceOp.MEAN, values))


def _reduced(how, values):
    """A list of tensors, each summed or averaged over replicas.

    `ReplicaContext.all_reduce` does the same under a derivative that TensorFlow keeps for ever; see `tf_derivatives`.
    """

    def reduce(strategy, *values):
        return strategy.extended.batch_reduce_to(how, [(value, value) for value in values])

    return tf.distribute.get_replica_context().merge_call(reduce, args=tuple(values))


_summed = with_derivative(
    "SumOverReplicas",
    lambda x: _reduced(tf.distribute.ReduceOp.SUM, [x])[0],
    lambda _output, _inputs, dy: [_summed(dy)],
)
