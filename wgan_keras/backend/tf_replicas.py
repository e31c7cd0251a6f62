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
    return strategy


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
    rows, count = parts[0].shape[0], strategy.num_replicas_in_sync
    has_all = rows is None or rows % count != 0

    def on_one(*parts):
        _this_thread.has_all = has_all
        try:
            body(*map(own, parts))
        finally:
            _this_thread.has_all = False

    strategy.run(on_one, args=tuple(parts))


def own(x):
    """This replica's rows of a whole batch."""
    index, count = share()
    if count == 1:
        return x
    rows = x.shape[0] // count
    with tf.device("CPU"):  # where a batch comes in; a device is sent its own rows alone
        return x[index * rows : (index + 1) * rows]


def positions(shape):
    """(int32 `shape`, count): where random numbers of this replica stand among the `count` of the whole batch.

    None where they are all of them. The first axis of `shape` is that of the samples.
    """
    index, parts = share()
    if parts == 1:
        return None
    size = tf.reduce_prod(shape)
    return tf.reshape(index * size + tf.range(size), shape), size * parts


def summed(x):
    """The sum of all replicas' x; its derivative is the sum of all replicas' derivatives."""
    return _summed(x)


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


def normalize_by_whole_batches(layers):
    """Lets batch normalizations take the moments of the whole batch; alone on a device they do as ever."""
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer._moments = _Moments(layer)


class _Moments:
    """(mean, variance) of a `BatchNormalization`'s inputs over all replicas, in two passes as Keras's own."""

    def __init__(self, layer):
        self._layer = layer

    def __call__(self, inputs, mask):
        _, count = share()
        if count == 1:
            return type(self._layer)._moments(self._layer, inputs, mask)
        if mask is not None:
            raise ValueError(f"{self._layer.name!r} has a mask, of which each device has another part; leave it out.")
        axes = self._layer._reduction_axes
        mean = _summed(tf.reduce_mean(inputs, axes, keepdims=True)) / count
        variance = _summed(tf.reduce_mean(tf.square(inputs - mean), axes)) / count
        return tf.reshape(mean, tf.shape(variance)), variance
