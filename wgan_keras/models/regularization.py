"""What a user's own layers add to the loss of their network: weights' regularizers, activities' ones, `add_loss`.

In float32, as losses are, whatever the dtype policy of the layers is.
"""

from typing import Any

import keras

from wgan_keras._types import Tensor
from wgan_keras.losses.means import in_float32


def regularization(network: keras.Model) -> Tensor | int:
    """All of it, after one pass through the network."""
    return _of_pass(network) + _of_weights(network)


class Passes:
    """A network in training whose loss asks it several times, for other images or for the values of a layer.

    Its weights count once. What its layers add counts in the mean over the passes.
    """

    def __init__(self, network: keras.Model) -> None:
        self._network = network
        self._whole: list[Tensor | int] = []
        self._of_parts: list[Tensor | int] = []

    def use(self, network: keras.Model, inputs: Any) -> Any:
        """The outputs of the network, or of a model that is a part of it."""
        outputs = network(inputs, training=True)
        passes = self._whole if network is self._network else self._of_parts
        passes.append(_of_pass(network))  # Keras forgets it at the next pass
        return outputs

    def regularization(self) -> Tensor | int:
        passes = self._whole or self._of_parts or [_of_pass(self._network)]  # a loss may ask the network itself
        return sum(passes) / len(passes) + _of_weights(self._network)


def _of_pass(network):
    """What its layers added in the last pass."""
    return sum(in_float32(loss) for layer in network._flatten_layers() for loss in layer._get_own_losses())


def _of_weights(network):
    return sum(in_float32(loss) for loss in network._get_regularization_losses())
