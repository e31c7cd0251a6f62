"""Features of an image: what a layer of the critic makes of it."""

from typing import Any

import keras

from wgan_keras._text import did_you_mean, listed


def output_of(critic: keras.Model, layer: str, objective: str) -> keras.KerasTensor:
    """The output of the critic's layer of that name, which `objective` asks for.

    Raises:
        ValueError: no layer has the name.
    """
    names = [each.name for each in critic.layers]
    if layer not in names:
        raise ValueError(
            f"The objective {objective!r} names the critic's layer {layer!r}, which is not there"
            f"{did_you_mean(layer, names, most=3)}; expected {listed(names)}."
        )
    return _made(critic)[layer]


def last(critic: keras.Model) -> keras.KerasTensor:
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


def _made(critic):
    """{name of an operation: what it makes}, in the critic alone: a layer may be another network's as well."""
    found, seen, waiting = {}, set(), list(critic.outputs)
    while waiting:
        tensor = waiting.pop(0)
        if id(tensor) not in seen:
            operation, inputs = _origin(tensor)
            found[operation.name] = tensor  # of several calls in the end the first
            waiting += inputs
            seen.add(id(tensor))
    return found


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
