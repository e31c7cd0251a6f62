"""The critic as losses and penalties see it: a function from images to scores, its labels filled in."""

from collections.abc import Callable
from typing import Any

import keras

from wgan_keras._types import Tensor
from wgan_keras.models.labels import network_inputs


class Critic:
    """The critic in one minibatch: images (m, ...) -> its first output, scores (m, 1).

    Generated images have the labels of the real ones of their minibatch. So labels come as often as in the data, and a
    penalty's interpolates lie between images of one label.

    Args:
        network: the critic.
        labels: (m, width) vectors of the minibatch; None for an unconditional game.
        use: function (network, inputs) -> outputs, of the network in training.

    Attributes:
        labels: as given.
    """

    def __init__(self, network: keras.Model, labels: Tensor | None, use: Callable[[keras.Model, Any], Any]) -> None:
        self.labels = labels
        self._network = network
        self._use = use
        self._seen: dict[int, tuple[Tensor, list[Tensor]]] = {}

    def __call__(self, images: Tensor) -> Tensor:
        return self.outputs(images)[0]

    def outputs(self, images: Tensor) -> list[Tensor]:
        """All outputs; one pass through the network for the same tensor, however often it is asked about."""
        if id(images) not in self._seen:  # the tensor is kept, so that no other can have its id
            outputs = self._use(self._network, network_inputs(self._network, images, self.labels))
            self._seen[id(images)] = images, keras.tree.flatten(outputs)
        return self._seen[id(images)][1]

    def inference(self, images: Tensor) -> Tensor:
        """Scores of one function and not of a random one: without dropout, by moving statistics."""
        outputs = self._network(network_inputs(self._network, images, self.labels), training=False)
        return keras.tree.flatten(outputs)[0]

    def at(self, tensor: keras.KerasTensor, images: Tensor) -> Tensor:
        """The value (m, ...) of a tensor of the network, such as a layer's `input`."""
        inputs = self._network.inputs
        part = keras.Model(inputs if len(inputs) > 1 else inputs[0], tensor)
        return self._use(part, network_inputs(self._network, images, self.labels))
