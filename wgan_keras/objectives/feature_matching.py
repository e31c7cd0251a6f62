"""Feature matching (Salimans et al., 2016): the generator matches what the critic sees in images, on average."""

import dataclasses
from typing import Any

import keras
from keras import ops

from wgan_keras import shares
from wgan_keras._text import did_you_mean, listed
from wgan_keras._types import Tensor
from wgan_keras.objectives.objective import Objective, register_objective


@register_objective("feature_matching")
@dataclasses.dataclass
class FeatureMatching(Objective):
    """||E f(x) - E f(G(z))||^2 in place of the game's generator loss: f are features of the critic.

    The means are over the minibatch, the norm over all numbers of a feature, in float32.

    Args:
        layer: the critic's layer whose output is f; None for what goes into the last layer with weights.

    References:
        Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen, *Improved Techniques for Training GANs*, 2016,
        arXiv 1606.03498, section 3.1.
    """

    layer: str | None = None

    def check(self, game: Any) -> None:
        names = [layer.name for layer in game.critic.layers]
        if self.layer is not None and self.layer not in names:
            raise ValueError(
                f"The objective 'feature_matching' names the critic's layer {self.layer!r}, which is not there"
                f"{did_you_mean(self.layer, names, most=3)}; expected {listed(names)}."
            )
        self._features = _last_features(game.critic) if self.layer is None else game.critic.get_layer(self.layer).output

    def __call__(
        self, game: Any, critic: Any, real: Tensor, fake: Tensor, seed: Any
    ) -> tuple[Tensor, dict[str, Tensor]]:
        features = (ops.cast(critic.at(self._features, images), "float32") for images in (real, fake))
        means = [shares.mean(ops.mean(each, axis=0)) for each in features]
        return ops.sum(ops.square(means[0] - means[1])), {}


def _last_features(critic: keras.Model) -> keras.KerasTensor:
    """What goes into the last layer with weights on the way from the images to the scores."""
    seen = _from(critic.inputs[0], critic.outputs[0], {})
    waiting = [critic.outputs[0]]
    while waiting:
        operation, inputs = _origin(waiting.pop(0))
        if isinstance(operation, keras.Model):  # whose inner tensors are none of the critic's
            break
        if getattr(operation, "weights", []) and len(inputs) == 1:
            return inputs[0]
        waiting += [tensor for tensor in inputs if seen[id(tensor)]]
    raise ValueError(
        "The objective 'feature_matching' found no layer with weights between the critic's images and its scores; "
        "name a layer: FeatureMatching(layer=...)."
    )


def _from(images: keras.KerasTensor, tensor: keras.KerasTensor, seen: dict[int, bool]) -> dict[int, bool]:
    """`seen`, with whether `tensor`, and each on the way to it, depends on the images, by id."""
    if id(tensor) not in seen:
        _, inputs = _origin(tensor)
        for each in inputs:
            _from(images, each, seen)
        seen[id(tensor)] = tensor is images or any(seen[id(each)] for each in inputs)
    return seen


def _origin(tensor: keras.KerasTensor) -> tuple[Any, list[keras.KerasTensor]]:
    """(the operation that made a tensor, its inputs)."""
    operation, index, _ = tensor._keras_history
    return operation, operation._inbound_nodes[index].input_tensors
