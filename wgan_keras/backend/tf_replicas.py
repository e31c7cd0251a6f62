"""Several devices with TensorFlow: a body runs on each, with the device's share of a batch.

The state is mirrored: each replica holds all variables, and moves its own by the same numbers. What differs between
replicas, and what must not, is told by one rule: **a replica differentiates its own loss, and gradients are averaged.**
A mean over the whole batch is then the mean of the replicas' means, and a sum over replicas inside a loss hands every
replica's derivative to all of them.
"""

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from wgan_keras._types import Tensor
from wgan_keras.backend import piece
from wgan_keras.backend.tf_derivatives import with_derivative

_this_thread = threading.local()  # a replica is a thread


def share() -> tuple[Tensor, int]:
    """(which of the shares of a batch this replica has, how many there are); (0, 1) where a batch is not shared."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1 or getattr(_this_thread, "has_all", False):
        return 0, 1
    return context.replica_id_in_sync_group, context.num_replicas_in_sync


def on_each_device(body: Callable[..., Any], parts: Sequence[Tensor]) -> None:
    """Calls body(*parts), tensors with one row a sample; under a strategy on every replica, with its share of the rows.

    Rows that do not split evenly, as those of the last batch of a validation, are given to every replica as a whole.
    Where Keras forgot how many there are, as of a `PyDataset`, the graph has both and takes one.
    """
    if not tf.distribute.has_strategy():
        body(*parts)
        return
    strategy = tf.distribute.get_strategy()

    def on_shares():
        strategy.run(lambda *parts: body(*map(own, parts)), args=tuple(parts))

    def on_wholes():
        def on_one(*parts):
            with with_whole_batches():
                body(*parts)

        strategy.run(on_one, args=tuple(parts))

    rest = ops.shape(parts[0])[0] % strategy.num_replicas_in_sync
    if isinstance(rest, int):
        (on_wholes if rest else on_shares)()
    else:
        tf.cond(rest == 0, on_shares, on_wholes)


@contextlib.contextmanager
def with_whole_batches():
    """Within it this replica has whole batches, as all others have."""
    _this_thread.has_all = True
    try:
        yield
    finally:
        _this_thread.has_all = False


def own(x: Tensor) -> Tensor:
    """This replica's rows of a whole batch."""
    index, count = share()
    if count == 1:
        return x
    rows = tf.shape(x)[0] // count
    return x[index * rows : (index + 1) * rows]


def repeated(x: Tensor) -> Tensor:
    """This replica's rows once for each replica."""
    _, count = share()
    return tf.concat([x] * count, 0)


def among_zeros(x):
    """A whole batch of this replica's rows and zeros."""
    index, count = share()
    rows = tf.shape(x)[0]
    around = [[index * rows, (count - 1 - index) * rows], *[[0, 0]] * (len(x.shape) - 1)]
    return tf.pad(x, around)


def positions(shape: Sequence[Any]) -> tuple[Tensor, Any] | None:
    """(int32 `shape`, count): where random numbers of this replica's piece stand among the `count` of the whole batch.

    None where they are all of them. The first axis of `shape` is that of the samples.
    """
    index, parts = piece.part(*share())
    if isinstance(parts, int) and parts == 1:  # a tensor where Keras forgot how many pieces a batch has
        return None
    size = tf.reduce_prod(shape)
    return tf.reshape(index * size + tf.range(size), shape), size * parts


def whole(x: Tensor) -> Tensor:
    """The rows of all replicas; the derivative comes back from all of them."""
    return x if share()[1] == 1 else _summed(among_zeros(x))


def mean(x: Tensor) -> Tensor:
    """The mean over all replicas; its derivative is that of all of them."""
    _, count = share()
    return x if count == 1 else _summed(x) / count


def averaged(structure: Any) -> Any:
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


_summed: Callable[..., Any] = with_derivative(
    "SumOverReplicas",
    lambda x: _reduced(tf.distribute.ReduceOp.SUM, [x])[0],
    lambda _output, _inputs, dy: [_summed(dy)],
)
