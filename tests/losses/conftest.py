"""Two distributions over four outcomes, as samples: every loss is a mean over samples, and so exact here."""

import numpy as np
import pytest
import tensorflow as tf

P, Q = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.2, 0.2, 0.5])


@pytest.fixture(scope="session")
def p():
    return P


@pytest.fixture(scope="session")
def q():
    return Q


@pytest.fixture(scope="session")
def samples():
    """samples(values): (ten real scores, ten fake scores), one value an outcome, each as often as P and Q say."""

    def of(values):
        values = np.asarray(values, "float32")
        return tuple(np.repeat(values, np.rint(10 * weights).astype(int))[:, None] for weights in (P, Q))

    return of


@pytest.fixture
def scores():
    rng = np.random.default_rng(0)
    return rng.normal(size=(8, 1)).astype("float32"), rng.normal(size=(8, 1)).astype("float32")


@pytest.fixture(scope="session")
def gradient():
    """gradient(loss, x): of a scalar function at x."""

    def of(loss, x):
        x = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = loss(x)
        return tape.gradient(y, x).numpy()

    return of
