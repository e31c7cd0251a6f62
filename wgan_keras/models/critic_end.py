"""The end of a critic: scores and logits are any numbers, and what limits them there is refused.

A critic of this package, or from a file, is not looked at: that of a file loads as it was.
"""

import keras
import numpy as np
from keras import ops

from wgan_keras.models.checks import last_activation, runs_known_code

_INPUTS = np.geomspace(0.1, 6e4, 16)  # as far out as float16 reaches
_LIMITED = 8.0  # a score that stays below it, however large what goes in, has a limit


def check_unlimited(critic, game):
    """Nothing behind the critic's last weights limits its scores, as a sigmoid does.

    Each activation and layer there is tried on numbers far out, so that one of the user's own is known as well.

    Raises:
        ValueError: names the layer, and the limits it sets.
    """
    for end, low, high in _ends(critic, critic.outputs[0]):
        if low > -_LIMITED or high < _LIMITED:
            raise ValueError(
                f"The critic ends in {end}, which keeps its scores {_limits(low, high)}. A {game}'s loss takes any "
                "number as a score, and a sigmoid, where one is needed, is part of the loss. End the critic with "
                "Dense(1) without an activation."
            )


def check_unlimited_logits(critic, logits):
    """The same of an output with logits, of which only the loss makes probabilities of classes and of being real."""
    for end, low, high in _ends(critic, logits):
        if low > -_LIMITED or high < _LIMITED:
            _refuse_logits(end, low, high)


def check_unlimited_differences(critic, logits):
    """The same where only the logits' differences count, which may be any numbers with a limit on one side."""
    for end, low, high in _ends(critic, logits):
        if low > -_LIMITED and high < _LIMITED:
            _refuse_logits(end, low, high)


def _refuse_logits(end, low, high):
    raise ValueError(
        f"The critic's logits end in {end}, which keeps them {_limits(low, high)}. Their loss takes any numbers and "
        "has the softmax in it. End them with Dense(classes) without an activation."
    )


def _ends(critic, output):
    """(in words, the least and the largest number that it makes) of all that follows the last weights."""
    for operation, node in () if hasattr(critic, "built_by") else _last_operations(output):
        function = _elementwise(operation, node)
        if function is not None:
            end = f"{_name(function)} (layer {operation.name!r})"
            yield end, *_range(function, node.output_tensors[0].shape)


def _last_operations(tensor):
    """(operation, its node) from an output inwards to the last operation with weights."""
    while True:
        operation, index, which = tensor._keras_history
        node = operation._inbound_nodes[index]
        if isinstance(operation, keras.Model) and runs_known_code(operation):
            yield from _last_operations(operation.outputs[which])
        else:
            yield operation, node
        if len(node.input_tensors) != 1 or getattr(operation, "weights", []):
            return
        tensor = node.input_tensors[0]


def _elementwise(operation, node):
    """The last thing that an operation does to numbers, as a function; None for one that has no such part."""
    layer = operation
    while isinstance(layer, keras.layers.Wrapper) and runs_known_code(layer):  # spectral normalization
        layer = layer.layer
    activation = last_activation(layer)
    if activation is not None:
        return activation
    if getattr(layer, "weights", []) or [t.shape for t in node.input_tensors] != [t.shape for t in node.output_tensors]:
        return None
    return _Call(operation, node)


class _Call:
    """An operation of one input with the other arguments that its node has."""

    def __init__(self, operation, node):
        self.operation, self.node = operation, node

    def __call__(self, x):
        (tensor,) = self.node.input_tensors
        arguments = (self.node.arguments.args, self.node.arguments.kwargs)
        args, kwargs = keras.tree.map_structure(lambda value: x if value is tensor else value, arguments)
        return self.operation(*args, **kwargs)


def _range(function, shape):
    """The least and the largest number that a function makes of inputs near zero and far below and above.

    They are the first of a sample's, and the others zero: a softmax of equal ones would say less. Of a function that
    takes samples away it is not known: no limits.
    """
    x = np.zeros([2 * len(_INPUTS), *(side or 1 for side in shape[1:])], "float32")
    x.reshape(len(x), -1)[:, 0] = np.concatenate([-_INPUTS, _INPUTS])
    y = ops.convert_to_numpy(ops.cast(function(ops.convert_to_tensor(x)), "float32"))
    if y.shape != x.shape:
        return -np.inf, np.inf
    return y.min() + 0, y.max() + 0  # of -0 and 0 the latter


def _limits(low, high):
    if high >= _LIMITED:
        return f"at {low:.2g} or above"
    return f"at {high:.2g} or below" if low <= -_LIMITED else f"between {low:.2g} and {high:.2g}"


def _name(function):
    if isinstance(function, _Call):
        function = function.operation
    return getattr(function, "__name__", type(function).__name__)
