"""Operations whose second derivative TensorFlow lacks or has wrong, found by measuring.

A gradient penalty is trained by the derivative of a derivative. TensorFlow has none of some operations, which then
counts as zero and nobody says so (bilinear resizing) or ends in an error that names no layer (`softsign`, bicubic
resizing); of others it is wrong (`tf.nn.moments` stops the gradient at the mean). So each operation of a network is
taken by itself, in float64: with J its derivative at x, that of u . J'c along a random direction in x, c and the
weights is compared with finite differences.
"""

import random
from typing import Any

import keras
import numpy as np
import tensorflow as tf

STEPS = (1e-5, 1e-7, 1e-3, 1e-1)  # the large ones are for operations that compute in float32 whatever comes in
SAME, SETTLED = 1e-4, 1e-2  # of derivative and difference; of two differences


def wrong_second_derivatives(network: keras.Model, inputs: Any) -> dict[str, str]:
    """{operation's name: "missing" or "wrong"} of a Functional or Sequential network, on a few images (and labels).

    Empty where all are right, or the network cannot be cloned into float64. An operation whose finite differences do
    not settle, as next to a kink, counts as right.
    """
    found = {}

    def measured(operation):
        if isinstance(operation, keras.Model) and hasattr(_graph(operation), "_run_through_graph"):
            return lambda x, **options: _graph(operation)._run_through_graph(x, measured)

        def call(*args, **kwargs):
            verdict = _verdict(operation, args, kwargs)
            if verdict is not None:
                found[operation.name] = verdict
            return operation(*args, **kwargs)

        return call

    python_state = random.getstate()  # initializers draw their seeds from it
    try:
        _graph(_in_float64(network))._run_through_graph(keras.tree.map_structure(_doubled, inputs), measured)
    except (AttributeError, NotImplementedError, TypeError, ValueError, tf.errors.OpError):
        return {}  # a network that does not say how it is built, or does not compute in float64
    finally:
        random.setstate(python_state)
    return found


def _doubled(x):
    x = tf.convert_to_tensor(x)
    return tf.cast(x, tf.float64) if x.dtype.is_floating else x


def _graph(network):
    return getattr(network, "_functional", None) or network  # a Sequential holds a Functional


def _in_float64(network):
    clone = keras.models.clone_model(network, clone_function=lambda layer: _like(layer, "float64"), recursive=True)
    clone.set_weights(network.get_weights())
    return clone


def _verdict(operation, args, kwargs):
    """ "missing", "wrong" or None, of `operation(*args, **kwargs)`."""
    try:
        line = _Line(operation, args, kwargs)
        derivative = line.derivative()
    except LookupError:  # in TensorFlow's registry of gradients
        return "missing"
    except tf.errors.OpError:  # there is none in float64
        if not isinstance(operation, keras.Layer) or operation.compute_dtype == "float32":
            return None
        return _verdict(_copied(operation, "float32"), args, kwargs)
    before = None
    for step in STEPS:
        difference = (line.value(step) - line.value(-step)) / (2 * step)
        off = abs(difference - derivative)
        if off <= SAME * abs(difference) + 1e-9:
            return None
        noise = None if before is None else abs(difference - before)
        if noise is not None and noise <= SETTLED * abs(difference) and off > 10 * noise:
            return "wrong" if derivative else "missing"
        before = difference
    return None


def _like(operation, dtype):
    """A new one, unbuilt."""
    if isinstance(operation, keras.layers.Lambda):  # whose function no configuration holds
        return keras.layers.Lambda(operation.function, arguments=operation.arguments, dtype=dtype, name=operation.name)
    dtypes = {"dtype": dtype} if isinstance(operation, keras.Layer) else {}
    return type(operation).from_config({**operation.get_config(), **dtypes})


def _copied(layer, dtype):
    copy = _like(layer, dtype)
    copy.build_from_config(layer.get_build_config() or {})
    copy.set_weights(layer.get_weights())
    return copy


class _Line:
    """u . J'c of an operation along a straight line through its inputs x, its cotangents c and its weights."""

    def __init__(self, operation, args, kwargs):
        self._operation = operation
        self._arguments = args, kwargs
        self._flat = keras.tree.flatten(self._arguments)
        self._places = [i for i, x in enumerate(self._flat) if tf.is_tensor(x) and x.dtype.is_floating]
        self._weights = list(getattr(operation, "trainable_variables", []))
        self._rng = np.random.default_rng(0)
        # A little beside what came in, where an earlier ReLU's zeros sit on no kink of the next.
        came = [self._flat[i] for i in self._places]
        self._x = [x + 0.01 * noise for x, noise in zip(came, self._random(came), strict=True)]
        self._c = self._random(self._outputs(self._x))
        self._u = self._random(self._x)
        self._along_x, self._along_c, self._along_weights = map(self._random, (self._x, self._c, self._weights))

    def _random(self, tensors):
        return [tf.constant(self._rng.normal(size=t.shape), "float64") for t in tensors]

    def _outputs(self, x):
        flat = list(self._flat)
        for place, value in zip(self._places, x, strict=True):
            flat[place] = value
        args, kwargs = keras.tree.pack_sequence_as(self._arguments, flat)
        outputs = keras.tree.flatten(self._operation(*args, **kwargs))
        return [tf.cast(y, tf.float64) for y in outputs if y.dtype.is_floating]

    def _at(self, x, c):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            outputs = self._outputs(x)
        gradients = tape.gradient(outputs, x, c)
        products = [tf.reduce_sum(g * u) for g, u in zip(gradients, self._u, strict=True) if g is not None]
        return tf.add_n(products or [tf.constant(0.0, tf.float64)])

    def value(self, t):
        """At t from here."""
        x = [a + t * d for a, d in zip(self._x, self._along_x, strict=True)]
        c = [a + t * d for a, d in zip(self._c, self._along_c, strict=True)]
        weights = [w.numpy() for w in self._weights]
        for weight, value, d in zip(self._weights, weights, self._along_weights, strict=True):
            weight.assign(value + t * d.numpy())
        value = float(self._at(x, c))
        for weight, before in zip(self._weights, weights, strict=True):
            weight.assign(before)
        return value

    def derivative(self):
        """By TensorFlow, here; what it has no derivative of counts as zero."""
        sources = [*self._x, *self._c, *(w.value for w in self._weights)]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(sources)
            value = self._at(self._x, self._c)
        directions = [*self._along_x, *self._along_c, *self._along_weights]
        gradients = tape.gradient(value, sources)
        pairs = zip(gradients, directions, strict=True)
        products = [tf.reduce_sum(tf.cast(g, tf.float64) * d) for g, d in pairs if g is not None]
        return float(tf.add_n(products or [tf.constant(0.0, tf.float64)]))
