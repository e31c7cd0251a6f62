"""Floating-point operations of a TensorFlow graph: its convolutions and matrix products, counted by their shapes.

A multiplication and an addition are two operations. Elementwise work is left out: memory bounds it, not arithmetic.
"""

import collections
import math

_KERNELS = {  # type: (shape of the kernel, shape of the map that has the convolution's output size)
    "Conv2D": lambda op: (op.inputs[1].shape, op.outputs[0].shape),
    "Conv2DBackpropInput": lambda op: (op.inputs[1].shape, op.inputs[2].shape),
    "Conv2DBackpropFilter": lambda op: (op.outputs[0].shape, op.inputs[2].shape),
}
_CALLS = {"While": "body", "StatelessWhile": "body", "PartitionedCall": "f", "StatefulPartitionedCall": "f"}


def of_graph(graph, trips):
    """Operations of one run of a function's graph, in which every `while` loop goes round `trips` times."""
    return by_type(graph, trips).total()


def by_type(graph, trips):
    """The same by the type of TensorFlow's operation, a Counter."""
    return sum((_of_operation(op, graph, trips) for op in _needed(graph)), collections.Counter())


def _needed(graph):
    """The operations that results and side effects depend on; TensorFlow prunes the others."""
    found, ahead = set(), [tensor.op for tensor in graph.outputs] + list(graph.control_outputs)
    while ahead:
        op = ahead.pop()
        if op not in found:
            found.add(op)
            ahead += [tensor.op for tensor in op.inputs] + list(op.control_inputs)
    return found


def _of_operation(op, graph, trips):
    if op.type in _KERNELS:
        kernel, out = _KERNELS[op.type](op)
        return collections.Counter({op.type: 2 * math.prod(out) * math.prod(kernel[:3])})
    if op.type == "MatMul":
        summed = op.inputs[0].shape[0 if op.get_attr("transpose_a") else 1]
        return collections.Counter({op.type: 2 * math.prod(op.outputs[0].shape) * summed})
    if op.type in _CALLS:
        called = graph._get_function(op.get_attr(_CALLS[op.type]).name).graph
        times = trips if "While" in op.type else 1
        return collections.Counter({kind: times * count for kind, count in by_type(called, trips).items()})
    return collections.Counter()
