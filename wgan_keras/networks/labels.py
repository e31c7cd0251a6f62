"""How networks take labels: one float vector (batch, classes) a sample, one-hot or a mixture of classes."""

import math
from typing import Literal

import keras
from keras import layers

from wgan_keras.layers import GlobalSumPooling2D

Conditioning = Literal["projection", "classifier"]


def generator_inputs(latent_dim, classes):
    """(latents, labels or None, the inputs of the model)."""
    latents = keras.Input((latent_dim,), name="latents")
    if classes is None:
        return latents, None, latents
    labels = keras.Input((classes,), name="labels")
    return latents, labels, [latents, labels]


def with_embedding(latents, labels):
    """Latents with an embedding of the labels behind them, as long and at first as large as they are.

    As in Mirza and Osindero, 2014, arXiv 1411.1784.
    """
    if labels is None:
        return latents
    initializer = keras.initializers.RandomNormal(stddev=1.0)
    embedding = layers.Dense(
        latents.shape[-1], use_bias=False, kernel_initializer=initializer, dtype="float32", name="label_embedding"
    )
    return layers.Concatenate()([latents, embedding(labels)])


def critic(images, features, flat, classes, conditioning, wrapped):
    """The critic's model, from its last features (batch, height, width, channels) or (batch, units) to its outputs.

    Without classes, scores = psi(flat). By "projection", scores = psi(flat) + <V y, phi>, where phi is the sum of the
    features over the pixels (Miyato and Koyama, 2018, arXiv 1802.05637, equation 3). By "classifier", the scores and
    the logits of the classes (Odena et al., 2017, arXiv 1610.09585). All outputs are float32.

    Args:
        flat: the features as (batch, numbers).
        wrapped: layer -> the layer with its normalization.

    Raises:
        ValueError: a classifier without classes.
    """
    scores = wrapped(layers.Dense(1, dtype="float32"))(flat)
    if classes is None:
        if conditioning != "projection":
            raise ValueError(
                f"conditioning is {conditioning!r} and classes is None: a critic without labels has nothing to "
                "classify. Give classes, or leave conditioning out."
            )
        return keras.Model(images, scores, name="critic")
    if conditioning == "classifier":
        logits = wrapped(layers.Dense(classes, dtype="float32", name="logits"))(flat)
        return keras.Model(images, [scores, logits], name="critic")
    labels = keras.Input((classes,), name="labels")
    projection = layers.Dot(axes=-1, dtype="float32")(_embedding_and_features(labels, features, wrapped))
    return keras.Model([images, labels], layers.Add(dtype="float32")([scores, projection]), name="critic")


def _embedding_and_features(labels, features, wrapped):
    """(V y, phi): two vectors a sample, as long as there are channels."""
    phi, pixels = features, 1
    if len(features.shape) == 4:
        phi, pixels = GlobalSumPooling2D(dtype="float32")(features), math.prod(features.shape[1:3])
    # The features are mostly positive, so that their sum grows with the pixels. Glorot's scale divided by these makes
    # the projection at first as large as the score, else 7 times as large in `dcgan_critic` at 28x28.
    initializer = keras.initializers.VarianceScaling(1 / pixels**2, "fan_avg", "uniform")
    embedding = layers.Dense(
        phi.shape[-1], use_bias=False, kernel_initializer=initializer, dtype="float32", name="label_embedding"
    )
    return wrapped(embedding)(labels), phi
