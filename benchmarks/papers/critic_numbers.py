"""What a critic has become, in numbers: where its weights lie, how gradients pass its layers, how complex it is."""

import keras
import numpy as np

from wgan_keras import backend
from wgan_keras.layers import LeakyReLU


def weights(critic):
    return np.concatenate([w.ravel() for w in critic.get_weights()])


def share_at_the_edge(before, after):
    """The share of weights whose size is within 1% of the largest: (of all, of those that training has moved).

    The weights of a unit that no point activates have no gradient and stay where they were.
    """
    edge = np.abs(after) >= 0.99 * np.abs(after).max()
    return float(edge.mean()), float(edge[before != after].mean())


def gradient_norms(critic, points):
    """Mean norms of the gradient of f with respect to each hidden layer's output, from the first to the last."""
    norms = []
    x = keras.ops.convert_to_tensor(points)
    layers = critic.layers[1:]  # the first is the input
    for i, layer in enumerate(layers):
        x = layer(x)
        if isinstance(layer, LeakyReLU):
            rest = keras.Sequential(layers[i + 1 :])
            gradients = np.asarray(backend.input_gradient(rest, x), float)
            norms.append(float(np.mean(np.linalg.norm(gradients, axis=1))))
    return norms


def orders_gained(norms):
    """Powers of ten by which the gradient grows on its way back from the last hidden layer to the first."""
    return float(np.log10(norms[0] / norms[-1]))


def complexity(critic, points):
    """1 - R^2 of the best polynomial of degree two through the critic's values at the points (n, 2): 0 for a function
    whose mean under a distribution depends on the first two moments alone.
    """
    x, y = points.T.astype("float64")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
    values = np.asarray(critic(points), "float64")[:, 0]
    rest = values - terms @ np.linalg.lstsq(terms, values, rcond=None)[0]
    return float(rest.var() / values.var())
