"""Convolutions of 4x4 taps and stride 2 as 2x2 ones of stride 1 over blocks of 2x2 pixels: the same sums.

In bfloat16 on a CPU, TensorFlow's gradient by the kernel runs at a fifth of what matrix products reach; over blocks it
is four matrix products, and the gradient by the input is faster too. In float32 the plain form is the faster one.
(2 cores with AMX, 64x14x14x64 to 128 filters: 8.4 ms against 4.6 for the kernel's, 4.7 against 3.4 for the input's.)
"""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from wgan_keras.backend.tf_derivatives import with_derivative


def convolution(x, kernel):
    """(batch, 2h, 2w, c), (4, 4, c, filters) -> (batch, h, w, filters), padded to keep h and w ("same")."""
    return _convolution(_blocks(x), _kernel_of_blocks(kernel))


def transposed_convolution(x, kernel):
    """(batch, h, w, c), (4, 4, filters, c) -> (batch, 2h, 2w, filters): the gradient of `convolution` by its input."""
    return _pixels(_input_gradient(x, _kernel_of_blocks(kernel)))


def _blocks(x):
    """(batch, 2h, 2w, c) -> (batch, h + 1, w + 1, 4c), with a border of one pixel of zeros."""
    return tf.nn.space_to_depth(tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), 2)


def _pixels(blocks):
    """The transpose of `_blocks`: back to pixels, without the border."""
    return tf.nn.depth_to_space(blocks, 2)[:, 1:-1, 1:-1]


def _kernel_of_blocks(kernel):
    """(4, 4, c, filters) -> (2, 2, 4c, filters), channels in the order of `space_to_depth`."""
    c, filters = kernel.shape[2:]
    return tf.reshape(
        tf.transpose(tf.reshape(kernel, (2, 2, 2, 2, c, filters)), (0, 2, 1, 3, 4, 5)), (2, 2, 4 * c, filters)
    )


def _input_gradient_alone(dy, kernel):
    shape = (dy.shape[1] + 1, dy.shape[2] + 1, kernel.shape[2])
    dx = tf.nn.conv2d_transpose(dy, kernel, (tf.shape(dy)[0], *shape), 1, "VALID")
    return tf.ensure_shape(dx, (None, *shape))


_convolution: Callable[..., Any] = with_derivative(
    "ConvolutionOverBlocks",
    lambda blocks, kernel: tf.nn.conv2d(blocks, kernel, 1, "VALID"),
    lambda _, inputs, dy: [_input_gradient(dy, inputs[1]), _kernel_gradient(inputs[0], dy)],
)
_input_gradient: Callable[..., Any] = with_derivative(
    "InputGradientOverBlocks",
    _input_gradient_alone,
    lambda _, inputs, ddx: [_convolution(ddx, inputs[1]), _kernel_gradient(ddx, inputs[0])],
)


def _kernel_gradient(blocks, dy):
    """One matrix product a tap, summed over all pixels of all images."""
    h, w = dy.shape[1:3]
    c, filters = blocks.shape[-1], dy.shape[-1]
    y = tf.reshape(dy, (-1, filters))
    taps = [tf.reshape(blocks[:, i : i + h, j : j + w], (-1, c)) for i in range(2) for j in range(2)]
    return tf.reshape(tf.stack([tf.matmul(x, y, transpose_a=True) for x in taps]), (2, 2, c, filters))
