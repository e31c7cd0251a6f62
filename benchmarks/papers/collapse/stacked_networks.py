"""Unrolled GAN's networks for stacked pictures of 28x28x3 (Metz et al., 2017), as PacGAN's published code has them.

The generator goes from 4x4x64 over 7x7x32, 14x14x16 and 28x28x8 to 28x28x3 by 3x3 kernels, the critic halves three
times. A `size` has its `critic_filters`, 4 or 2: a half or a quarter of the generator's in the first of its stages, and
twice as many in each that follows.
"""

import keras
from keras import layers, ops

import wgan_keras as wk

SHAPE = (28, 28, 3)
LATENTS = 256


def _small():
    """Initial weights; new for each layer, since one initializer gives all layers of a shape the same."""
    return keras.initializers.RandomNormal(stddev=0.02)


@keras.saving.register_keras_serializable("wgan_keras.benchmarks")
class BatchStatistics(layers.Layer):
    """Batch normalization by the batch at hand, in every use; a scale and a shift for each channel.

    A critic is used in no other way. Unlike Keras's on TensorFlow it is right to the second derivative, through which
    an unrolled GAN learns.
    """

    ties_samples = True

    def build(self, input_shape):
        self.scale = self.add_weight(shape=input_shape[-1:], initializer="ones", name="scale")
        self.shift = self.add_weight(shape=input_shape[-1:], initializer="zeros", name="shift")

    def call(self, x):
        centered = x - ops.mean(x, axis=(0, 1, 2))
        variance = ops.mean(ops.square(centered), axis=(0, 1, 2))
        return centered * ops.rsqrt(variance + 1e-5) * self.scale + self.shift


def generator(size):
    latents = keras.Input((LATENTS,))
    x = layers.Reshape((4, 4, 64))(layers.Dense(4 * 4 * 64, kernel_initializer=_small())(latents))
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for filters in (32, 16, 8):
        x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same", kernel_initializer=_small())(x)
        if filters == 32:  # 8x8 to 7x7
            x = layers.Cropping2D(((0, 1), (0, 1)))(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(
        latents, layers.Conv2D(SHAPE[-1], 3, padding="same", activation="tanh", kernel_initializer=_small())(x)
    )


def _features(stacks, size, normalization=BatchStatistics, initializer=_small):
    """The critic's last; `initializer` makes one for each layer."""
    x = stacks
    for i in range(3):
        filters = size.critic_filters * 2**i
        x = layers.Conv2D(filters, 3, strides=2, padding="same", kernel_initializer=initializer())(x)
        x = wk.layers.LeakyReLU(0.3)(normalization()(x))
    return layers.Flatten()(x)


def critic(size, packed=1):
    """Scores of `packed` stacks at once."""
    stacks = keras.Input((*SHAPE[:-1], packed * SHAPE[-1]))
    return keras.Model(stacks, layers.Dense(1, kernel_initializer=_small())(_features(stacks, size)))


def critic_with(layer, size):
    """Scores by features that go through a layer which compares the samples of the batch."""
    stacks = keras.Input(SHAPE)
    return keras.Model(stacks, layers.Dense(1, kernel_initializer=_small())(layer(_features(stacks, size))))


def plain_critic(size):
    """Without batch normalization, for a gradient penalty."""
    stacks = keras.Input(SHAPE)
    features = _features(stacks, size, layers.Identity, keras.initializers.HeNormal)
    return keras.Model(stacks, layers.Dense(1)(features))
