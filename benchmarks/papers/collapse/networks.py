"""PacGAN's networks for points in the plane (Lin et al., 2018, arXiv 1712.04086, section 4.1), and their variants.

The generator has four layers of batch normalization and ReLU, the critic three layers of maxout over five pieces; a
`size` has their `generator_units` and `critic_units`.
"""

import keras
import numpy as np
from keras import layers, ops

import wgan_keras as wk

LATENTS = 2
PIECES = 5
REFERENCE = 100  # samples of virtual batch normalization


@keras.saving.register_keras_serializable("wgan_keras.benchmarks")
class Maxout(layers.Layer):
    """(batch, units * PIECES) -> (batch, units), the largest of each five (Goodfellow et al., 2013)."""

    def call(self, x):
        return ops.max(ops.reshape(x, (-1, x.shape[-1] // PIECES, PIECES)), axis=-1)


def generator(size):
    latents = x = keras.Input((LATENTS,))
    for _ in range(4):
        x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(size.generator_units)(x)))
    return keras.Model(latents, layers.Dense(2)(x))


def virtual_generator(size):
    """With virtual batch normalization in place of batch normalization (Salimans et al., 2016, section 3.4)."""
    latents = keras.Input((LATENTS,))
    reference = np.random.default_rng(0).standard_normal((REFERENCE, LATENTS))
    x = wk.layers.ReferenceBatch(reference)(latents)
    for _ in range(4):
        x = layers.ReLU()(wk.layers.VirtualBatchNormalization(REFERENCE)(layers.Dense(size.generator_units)(x)))
    return keras.Model(latents, layers.Dense(2)(wk.layers.DropReference(REFERENCE)(x)))


def features(points, size, wrapped=lambda layer: layer):
    """The critic's last features.

    Args:
        wrapped: layer -> the layer with its normalization.
    """
    for _ in range(3):
        points = Maxout()(wrapped(layers.Dense(PIECES * size.critic_units))(points))
    return points


def critic(size, packed=1):
    """Scores of `packed` points at once."""
    points = keras.Input((2 * packed,))
    return keras.Model(points, layers.Dense(1)(features(points, size)))


def critic_with(layer, size):
    """Scores by features that go through a layer which compares the samples of the batch."""
    points = keras.Input((2,))
    return keras.Model(points, layers.Dense(1)(layer(features(points, size))))


def spectral_critic(size):
    points = keras.Input((2,))
    normalized = wk.layers.SpectralNormalization
    return keras.Model(points, normalized(layers.Dense(1))(features(points, size, normalized)))


def feature_critic(size):
    """16 features in place of a score, for MMD-GAN."""
    points = keras.Input((2,))
    return keras.Model(points, layers.Dense(16, use_bias=False)(features(points, size)))


def autoencoder(size):
    """Reconstructions, for EBGAN."""
    points = keras.Input((2,))
    code = layers.Identity(name="code")(features(points, size))
    return keras.Model(points, layers.Dense(2)(Maxout()(layers.Dense(PIECES * size.critic_units)(code))))
