"""A game's networks for other programs: named inputs and outputs, float32, labels as vectors, pictures as bytes."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import keras
from keras import ops

from wgan_keras import export
from wgan_keras._schema import check
from wgan_keras._types import PathLike
from wgan_keras.models import policies
from wgan_keras.models.labels import network_inputs
from wgan_keras.pipelines.pixels import from_bytes, to_bytes

Role: TypeAlias = Literal["generator", "critic"]
Pixels: TypeAlias = Literal["float", "uint8"]


class Exporting:
    """`export` for a game."""

    sampler: Any  # a `keras.Model`
    critic: Any
    label_width: int | None
    follow_until_trained: Callable[[], None]

    def export(
        self, filepath: PathLike, format: str = "savedmodel", network: Role = "generator", pixels: Pixels = "float"
    ) -> None:
        """Writes a network for other programs, which need neither Keras nor this library.

        The generator, the averaged one where there is one, takes `latents` (batch, latent_dim) from the prior and
        returns `images` (batch, *shape). The critic takes `images` and returns `scores` (batch, 1); its further
        outputs, and those of a critic that returns no scores, are called `output_0`, `output_1`, ... In a conditional
        game a network that takes labels has the input `labels` (batch, classes), one-hot for classes. Batches may have
        any size. All numbers are float32.

        Args:
            filepath: a file that ends in .onnx or .tflite; for "savedmodel" a folder.
            format: "onnx", "savedmodel" or "litert".
            network: "generator" or "critic". A critic behind views takes what they show.
            pixels: of `images`: "float", in [-1, 1] or behind a sigmoid in [0, 1], or "uint8" in 0..255.

        Raises:
            ValueError: another format, suffix or network; "uint8" for what is no pictures; a network with an operation
                that the format lacks, or a layer that cannot be copied, as with an activation that is not registered.
            ImportError: the format's converter is not installed.
            NotWrittenError: the file cannot be written.
        """
        check("network", network, Role)
        check("pixels", pixels, Pixels)
        self.follow_until_trained()
        export.write(_served(self, network, pixels), filepath, format)


def _served(game, role, pixels):
    """A Functional model as `export` describes it."""
    network = float32_copy(game.sampler if role == "generator" else game.critic)
    images = network.outputs[0] if role == "generator" else network.inputs[0]
    if pixels == "uint8" and len(images.shape) != 4:
        raise ValueError(
            f"pixels is 'uint8', and the {role}'s samples have shape {('batch', *images.shape[1:])}; expected "
            "pictures (batch, height, width, channels). Take 'float'."
        )
    takes_labels = len(network.inputs) > 1
    labels = keras.Input((game.label_width,), name="labels", dtype="float32") if takes_labels else None
    if role == "generator":
        given = keras.Input(network.inputs[0].shape[1:], name="latents", dtype="float32")
        (made,) = keras.tree.flatten(network(network_inputs(network, given, labels)))
        outputs = {"images": _rounded(to_bytes(made, game.black)) if pixels == "uint8" else made}
    else:
        given = keras.Input(images.shape[1:], name="images", dtype="float32" if pixels == "float" else "uint8")
        seen = from_bytes(ops.cast(given, "float32"), game.black) if pixels == "uint8" else given
        outputs = _named(keras.tree.flatten(network(network_inputs(network, seen, labels))))
    return keras.Model([given, labels] if takes_labels else given, outputs, name=role)


def _named(outputs):
    """{name: output} of a critic."""
    named = {f"output_{i}": output for i, output in enumerate(outputs)}
    if outputs[0].shape[1:] == (1,):
        named = {"scores": named.pop("output_0"), **named}
    return named


def _rounded(levels):
    """As `plots.to_uint8`."""
    return ops.cast(ops.clip(ops.round(levels), 0, 255), "uint8")


def float32_copy(network: keras.Model) -> keras.Model:
    """A copy of a Functional model with the same weights, which computes in float32 and on known shapes.

    Raises:
        ValueError: a layer that Keras cannot make anew from its config.
    """
    # A Sequential becomes a Functional model, and one tensor in a list the tensor alone.
    functional = keras.Model(*(each if len(each) > 1 else each[0] for each in (network.inputs, network.outputs)))
    copy = keras.models.clone_model(functional, clone_function=_layer_in_float32, call_function=_call, recursive=True)
    copy.set_weights(network.get_weights())
    return copy


def _layer_in_float32(layer):
    try:
        return policies.under(layer, lambda name: "float32")
    except Exception as error:  # of the user's own functions, constructors and configs
        raise ValueError(
            f"An export needs a copy of the network, and its layer {layer.name!r} ({type(layer).__name__}) cannot be "
            f"made anew from its config. {policies.REMEDY}."
        ) from error


def _call(layer, *args, **kwargs):
    """The layer's output. TensorFlow's tracing loses the sides behind an upsampling, and LiteRT needs to know them."""
    outputs = layer(*args, **kwargs)
    if isinstance(layer, keras.layers.UpSampling2D):
        return ops.reshape(outputs, (-1, *outputs.shape[1:]))
    return outputs
