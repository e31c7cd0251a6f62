"""What a user's own layers add to the loss of their network: weights' regularizers, activities' ones, `add_loss`.

In float32, as losses are, whatever the dtype policy of the layers is.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import keras

from wgan_keras import backend
from wgan_keras._types import Tensor
from wgan_keras.backend.state import Scope, assign
from wgan_keras.losses.means import in_float32

Pass: TypeAlias = Callable[[keras.Model, Any], tuple[Any, list[Tensor]]]


def in_training(network: keras.Model, inputs: Any) -> tuple[Any, list[Tensor]]:
    """(the outputs of a network that learns, what its layers add to its loss)."""
    with Scope() as scope:
        outputs = network(inputs, training=True)
        values = [variable.value for variable in scope.variables]
    assign(scope.variables, values)
    return outputs, scope.losses


class Passes:
    """A network whose loss asks it once or several times, for other images or for the values of a layer.

    Its weights count once. What its layers add counts in the mean over the passes. Each pass gathers its own: the lists
    that Keras's layers keep are shared by devices, and hold what the last pass of any of them has added.

    Args:
        through: function (network, inputs) -> (outputs, what its layers add): one pass, `in_training` or `unchanged`.
    """

    def __init__(self, network: keras.Model, through: Pass) -> None:
        self._network = network
        self._through = through
        self._whole: list[Tensor | int] = []
        self._of_parts: list[Tensor | int] = []

    def use(self, network: keras.Model, inputs: Any) -> Any:
        """The outputs of the network, or of a model that is a part of it."""
        outputs, added = self._through(network, inputs)
        passes = self._whole if network is self._network else self._of_parts
        passes.append(_sum(added))
        return outputs

    def regularization(self) -> Tensor | int:
        """All of it."""
        return self.of_passes() + _sum(self._network._get_regularization_losses())

    def of_passes(self) -> Tensor | int:
        """What layers have added, without the weights' regularizers."""
        passes = self._whole or self._of_parts or [self._of_the_last_pass()]  # a loss may ask the network itself
        return sum(passes) / len(passes)

    def _of_the_last_pass(self) -> Tensor | int:
        added = [loss for layer in self._network._flatten_layers() for loss in layer._get_own_losses()]
        if added and backend.share()[1] > 1:
            raise ValueError(
                f"Layers of {self._network.name!r} add to its loss, and the game's loss calls the network itself: "
                "devices that do so together take what others have added. Call the function that the loss is given, "
                "critic(images) or critic.at(layer.output, images)."
            )
        return _sum(added)


def _sum(losses: list[Tensor]) -> Tensor | int:
    return sum(map(in_float32, losses))
