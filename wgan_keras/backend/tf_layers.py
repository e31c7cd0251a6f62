"""Keras's layers that look beyond a sample, on several devices: each sees the whole batch, in which it stands anywhere.

On one device they do as ever.
"""

import keras
import tensorflow as tf

from wgan_keras.backend import tf_replicas

CELLS = (keras.layers.SimpleRNNCell, keras.layers.GRUCell, keras.layers.LSTMCell)


def see_whole_batches(layers):
    """Lets batch normalizations take the moments of the whole batch, and random layers its random numbers."""
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer._moments = _Moments(layer)
        elif _draws(layer):
            layer.call = _Random(layer)


def _draws(layer):
    """Whether a layer's call draws for each number of a batch."""
    if isinstance(layer, keras.layers.RNN):  # which asks its cell for masks outside of the cell's call
        return any(map(_draws, layer._flatten_layers(include_self=False)))
    if isinstance(layer, CELLS):  # they have a generator, whether they drop anything or not
        return layer.dropout > 0 or layer.recurrent_dropout > 0
    return bool(layer._seed_generators)


class _Moments:
    """(mean, variance) of a `BatchNormalization`'s inputs over all replicas, by one exchange.

    The variance of the whole is the mean of the shares' variances and the variance of their means.
    """

    def __init__(self, layer):
        self._layer = layer

    def __call__(self, inputs, mask):
        if tf_replicas.share()[1] == 1:
            return type(self._layer)._moments(self._layer, inputs, mask)
        if mask is not None:
            raise ValueError(f"{self._layer.name!r} has a mask, of which each device has another part; leave it out.")
        axes = self._layer._reduction_axes
        mean = tf.reduce_mean(inputs, axes, keepdims=True)
        variance = tf.reduce_mean(tf.square(inputs - mean), axes)
        of_shares = tf_replicas.whole(tf.stack([tf.reshape(mean, tf.shape(variance)), variance])[None])
        means, variances = tf.unstack(of_shares, axis=1)
        mean = tf.reduce_mean(means, 0)
        return mean, tf.reduce_mean(variances, 0) + tf.reduce_mean(tf.square(means - mean), 0)


class _Random:
    """The call of a layer that draws for each number of a batch: for the whole one, made of copies of its own rows.

    With zeros in place of copies a derivative that comes back may be NaN, as of a root.
    """

    def __init__(self, layer):
        self._layer = layer

    def __call__(self, *args, **kwargs):
        call, (_, shares) = type(self._layer).call, tf_replicas.share()
        if shares == 1:
            return call(self._layer, *args, **kwargs)
        rows = next((x.shape[0] for x in keras.tree.flatten((args, kwargs)) if _has_rows(x)), None)
        args, kwargs = _of_rows(rows, tf_replicas.repeated, (args, kwargs))
        with tf_replicas.with_whole_batches():
            outputs = call(self._layer, *args, **kwargs)
        return _of_rows(rows and rows * shares, tf_replicas.own, outputs)


def _has_rows(x):
    return tf.is_tensor(x) and x.shape.rank


def _of_rows(rows, function, structure):
    """The structure with function(x) in place of each tensor x of so many rows; in a graph it may not know how many."""

    def of_one(x):
        return function(x) if _has_rows(x) and (rows is None or x.shape[0] in (rows, None)) else x

    return keras.tree.map_structure(of_one, structure)
