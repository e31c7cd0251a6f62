"""Keras's layers that look beyond a sample, on several devices: each sees the whole batch, in which it stands anywhere.

On one device they do as ever.
"""

import keras
import tensorflow as tf

from wgan_keras.backend import tf_replicas


def see_whole_batches(layers):
    """Lets batch normalizations take the moments of the whole batch, and random layers its random numbers."""
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer._moments = _Moments(layer)
        elif isinstance(getattr(layer, "seed_generator", None), keras.random.SeedGenerator):
            layer.call = _Random(layer)


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
    """The call of a layer that draws for each number of a batch: for the whole one, in which others' rows are zero."""

    def __init__(self, layer):
        self._layer = layer

    def __call__(self, inputs, *args, **kwargs):
        call = type(self._layer).call
        if tf_replicas.share()[1] == 1:
            return call(self._layer, inputs, *args, **kwargs)
        batch = tf_replicas.among_zeros(inputs)
        with tf_replicas.with_whole_batches():
            outputs = call(self._layer, batch, *args, **kwargs)
        return tf_replicas.own(outputs)
