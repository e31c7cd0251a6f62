"""Keras's convolutions, faster in bfloat16 on a CPU where they halve or double the sides."""

import keras
from keras import ops

from wgan_keras import backend
from wgan_keras._types import Tensor


def _blocks(layer, inputs):
    """`backend.blocks` for a convolution, or one whose transpose it is, of 4x4 taps that halves known sides."""
    how = (layer.kernel_size, layer.strides, layer.dilation_rate, layer.padding, layer.data_format)
    halves = how == ((4, 4), (2, 2), (1, 1), "same", "channels_last") and None not in inputs.shape[1:3]
    return backend.blocks(inputs) if halves else None


@keras.saving.register_keras_serializable("wgan_keras")
class Conv2D(keras.layers.Conv2D):
    """Keras's, with the same values; of 4x4 taps and stride 2 on even sides it trains faster in bfloat16 on a CPU."""

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        blocks = _blocks(self, inputs)
        if blocks is None or self.groups != 1 or inputs.shape[1] % 2 or inputs.shape[2] % 2:
            return super().convolution_op(inputs, kernel)
        return blocks.convolution(inputs, ops.convert_to_tensor(kernel))


@keras.saving.register_keras_serializable("wgan_keras")
class Conv2DTranspose(keras.layers.Conv2DTranspose):
    """Keras's, with the same values; of 4x4 taps and stride 2 it trains faster in bfloat16 on a CPU."""

    def call(self, inputs: Tensor) -> Tensor:
        blocks = _blocks(self, inputs)
        if blocks is None or self.output_padding is not None:
            return super().call(inputs)
        outputs = blocks.transposed_convolution(inputs, ops.convert_to_tensor(self.kernel))
        if self.use_bias:
            outputs = outputs + ops.convert_to_tensor(self.bias)
        return self.activation(outputs)
