"""What several tests of networks need."""

import keras
import numpy as np
import pytest
import tensorflow as tf


def _like(layer):
    config = layer.get_config()
    return type(layer).from_config({**config, "dtype": "float64"})


@pytest.fixture(scope="session")
def in_float64():
    """in_float64(network): a copy of it, the same weights, that computes in float64."""

    def copy(network):
        inputs = keras.tree.map_structure(
            lambda x: keras.Input(x.shape[1:], dtype="float64", name=x.name), network.input
        )
        clone = keras.models.clone_model(network, input_tensors=inputs, clone_function=_like)
        clone.set_weights(network.get_weights())
        return clone

    return copy


@pytest.fixture(scope="session")
def shaken():
    """shaken(network): the network, all its trainable weights a little beside where they were, embeddings included."""

    def shake(network, size=0.2):
        rng = np.random.default_rng(0)
        for weight in network.trainable_weights:
            weight.assign_add(size * rng.normal(size=weight.shape))
        return network

    return shake


@pytest.fixture(scope="session")
def penalty_derivative():
    """penalty_derivative(critic, images, labels=None): of a gradient penalty along a random direction in the weights.

    By tapes, and by finite differences; for critics in float64 whose first output are the scores.
    """

    def penalty(critic, images, labels):
        with tf.GradientTape() as tape:
            tape.watch(images)
            scores = keras.tree.flatten(critic(images if labels is None else [images, labels]))[0]
        gradient = tape.gradient(scores, images)
        return tf.reduce_mean((tf.norm(tf.reshape(gradient, (len(images), -1)), axis=1) - 1) ** 2)

    def derivative(critic, images, labels=None):
        images, labels = (x if x is None else tf.constant(x, "float64") for x in (images, labels))
        rng, weights = np.random.default_rng(0), critic.trainable_weights
        directions = [rng.normal(size=w.shape) for w in weights]
        with tf.GradientTape() as tape:
            value = penalty(critic, images, labels)
        gradients = tape.gradient(value, [w.value for w in weights], unconnected_gradients="zero")
        by_tape = sum(np.sum(g * d) for g, d in zip(gradients, directions, strict=True))
        values = []
        for step in (1e-7, -1e-7):
            moved = [w.numpy() for w in weights]
            for w, d in zip(weights, directions, strict=True):
                w.assign_add(step * d)
            values.append(float(penalty(critic, images, labels)))
            for w, before in zip(weights, moved, strict=True):
                w.assign(before)
        return by_tape, (values[0] - values[1]) / 2e-7

    return derivative
