"""TensorFlow functions with derivatives of our own, each registered once for the process.

`tf.custom_gradient` registers the derivative anew at every call in a graph, under a new name, and the registry keeps
the graph with it for as long as the process lives: some 7 MB for every WGAN-GP between small networks that is fitted.
"""

import tensorflow as tf
from tensorflow.python.eager import record  # a tape is told of a function by this alone, or by tf.custom_gradient


def with_derivative(name, function, derivative):
    """`function(*inputs) -> output`, differentiated by `derivative(output, inputs, dy)`, a list of one each.

    What `derivative` computes is differentiated as it stands, for a second derivative.

    Args:
        name: under which TensorFlow registers it; another for every function.
    """
    registered = f"wgan_keras>{name}"

    @tf.RegisterGradient(registered)
    def of_operation(operation, dy, *others):
        if operation is None:
            return _refused([dy, *others])
        output, *inputs = operation.inputs
        return [None, *derivative(output, inputs, dy)]

    @tf.custom_gradient
    def eager(*inputs):
        output = function(*inputs)
        return output, lambda dy: derivative(output, inputs, dy)

    def in_graph(*inputs):
        known = [function(*inputs), *inputs]
        # An operation that hands everything on, and that is differentiated as we say: by tapes, and in graphs.
        with tf.compat.v1.get_default_graph().gradient_override_map({"IdentityN": registered}):
            handed_on = tf.raw_ops.IdentityN(input=known)
        record.record_operation(name, handed_on, known, lambda dy, *_: [None, *derivative(known[0], inputs, dy)])
        return handed_on[0]

    return lambda *inputs: eager(*inputs) if tf.executing_eagerly() else in_graph(*inputs)


def _refused(gradients):
    """What a SavedModel keeps for a derivative: it is traced without the operation, and so without what it needs."""
    message = "A SavedModel of wgan_keras has no derivatives; load the .keras file to train or differentiate."
    with tf.control_dependencies([tf.debugging.Assert(tf.constant(False), [message])]):
        return [tf.zeros_like(each) for each in gradients]
