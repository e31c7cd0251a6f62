"""The convolutions and matrix products of a TensorFlow graph: how many operations they are, and each by itself.

A multiplication and an addition are two operations. Elementwise work is left out: memory bounds it, not arithmetic.
"""

import collections
import dataclasses
import itertools
import math

import tensorflow as tf

_CONVOLUTION = ("strides", "padding")
_ATTRIBUTES = {
    "Conv2D": _CONVOLUTION,
    "Conv2DBackpropInput": _CONVOLUTION,
    "Conv2DBackpropFilter": _CONVOLUTION,
    "MatMul": ("transpose_a", "transpose_b"),
}
_ARGUMENTS = {
    "Conv2D": ("input", "filter"),
    "Conv2DBackpropInput": ("input_sizes", "filter", "out_backprop"),
    "Conv2DBackpropFilter": ("input", "filter_sizes", "out_backprop"),
    "MatMul": ("a", "b"),
}
_CALLS = {"While": "body", "StatelessWhile": "body", "PartitionedCall": "f", "StatefulPartitionedCall": "f"}


@dataclasses.dataclass(frozen=True)
class Kernel:
    """One operation that does arithmetic: `type` as TensorFlow's, shapes of its tensors, `attributes` in pairs."""

    type: str
    inputs: tuple
    output: tuple
    dtype: tf.DType
    attributes: tuple

    @classmethod
    def of(cls, op):
        attributes = tuple((name, _plain(op.get_attr(name))) for name in _ATTRIBUTES[op.type])
        inputs = tuple(tuple(tensor.shape) for tensor in op.inputs)
        return cls(op.type, inputs, tuple(op.outputs[0].shape), op.outputs[0].dtype, attributes)

    @property
    def operations(self):
        if self.type == "MatMul":
            summed = self.inputs[0][0 if dict(self.attributes)["transpose_a"] else 1]
            return 2 * math.prod(self.output) * summed
        # A convolution's gradients are as dear as itself: for each of its output values, the taps of a kernel.
        kernel, y = {
            "Conv2D": lambda: (self.inputs[1], self.output),
            "Conv2DBackpropInput": lambda: self.inputs[1:],
            "Conv2DBackpropFilter": lambda: (self.output, self.inputs[2]),
        }[self.type]()
        return 2 * math.prod(y) * math.prod(kernel[:3])

    def alone(self, copies):
        """A function that runs so many copies of the kernel, no two on the same tensors, and next to nothing else."""
        # Pairs of few tensors, which stay in the cache as those of a step do.
        side = math.isqrt(copies - 1) + 1
        operands = [self._operands(i, side) for i in range(len(self.inputs))]
        tensors = list(itertools.islice(itertools.product(*operands), copies))
        run = getattr(tf.raw_ops, self.type)

        def each():
            outputs = [
                run(**dict(zip(_ARGUMENTS[self.type], pair, strict=True)), **dict(self.attributes)) for pair in tensors
            ]
            return tf.add_n(outputs)  # what nobody uses would not be computed

        return tf.function(each, autograph=False).get_concrete_function()

    def _operands(self, i, count):
        """Random tensors for input i; for the shape that a convolution's gradient takes, that shape."""
        if (self.type, i) == ("Conv2DBackpropInput", 0) or (self.type, i) == ("Conv2DBackpropFilter", 1):
            return [tf.constant(self.output)]
        return [tf.Variable(tf.cast(tf.random.normal(self.inputs[i]), self.dtype)) for _ in range(count)]


def of_graph(graph, trips):
    """{Kernel: how often} in one run of a function's graph, in which every `while` loop goes round `trips` times."""
    found = collections.Counter()
    for op in _needed(graph):
        if op.type in _ATTRIBUTES:
            found[Kernel.of(op)] += 1
        elif op.type in _CALLS:
            called = graph._get_function(op.get_attr(_CALLS[op.type]).name).graph
            times = trips if "While" in op.type else 1
            found.update({kernel: times * count for kernel, count in of_graph(called, trips).items()})
    return found


def operations(counted):
    """Floating-point operations of {Kernel: how often}."""
    return sum(count * kernel.operations for kernel, count in counted.items())


def _needed(graph):
    """The operations that results and side effects depend on; TensorFlow prunes the others."""
    found, ahead = set(), [tensor.op for tensor in graph.outputs] + list(graph.control_outputs)
    while ahead:
        op = ahead.pop()
        if op not in found:
            found.add(op)
            ahead += [tensor.op for tensor in op.inputs] + list(op.control_inputs)
    return found


def _plain(attribute):
    if isinstance(attribute, list):
        return tuple(attribute)
    return attribute.decode() if isinstance(attribute, bytes) else attribute
