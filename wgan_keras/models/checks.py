"""What a game refuses, each with one sentence that says what came, what was expected and what to do."""

import types
import warnings
from typing import Annotated, Literal

import keras
import numpy as np

from wgan_keras._schema import Range, Seed, check_names, defaults, fits
from wgan_keras.backend.labels import WEIGHTED
from wgan_keras.runtime import processes

NCritic = Annotated[int, Range(at_least=1, at_most=1_000_000)]
MicroBatch = Annotated[int, Range(at_least=1, at_most=1_000_000)]
Prior = Literal["normal", "uniform"]
EmaDecay = Annotated[float, Range(above=0, below=1)]

RANGES = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}


def check_arguments(kind, given):
    """Arguments that a game was given by name are its constructor's or Keras's, which says of others less."""
    check_names(kind.__name__, given, [*defaults(kind), *defaults(keras.layers.Layer)])


def check_networks(generator, critic, shown_shape):
    """The generator maps (batch, latent_dim) to what the critic takes. What the critic returns, the game checks.

    Either may have a second input, labels; the critic may have a second output, their logits.
    """
    for role, network in (("generator", generator), ("critic", critic)):
        _check_inputs(role, network)
    _check_outputs("generator", generator, ["images"])
    _check_outputs("critic", critic, ["scores", "scores and logits of the labels"])
    latents = generator.inputs[0].shape
    if len(latents) != 2 or latents[1] is None:
        raise ValueError(f"The generator takes {latents}; expected latents (batch, latent_dim).")
    check_shapes_agree(generator, critic, shown_shape)


def check_shapes_agree(generator, critic, shown_shape):
    """The critic takes what the views make of the generator's images."""
    images, taken = generator.output_shape[1:], critic.inputs[0].shape[1:]
    shown = shown_shape(images)
    if shown != taken:
        made = f"makes {images}" if shown == images else f"makes {images}, of which the views make {shown},"
        raise ValueError(f"The generator {made} and the critic takes {taken}; build both for the shape of the data.")


def check_scores(critic):
    """The critic's first output is (batch, 1)."""
    if critic.outputs[0].shape != (None, 1):
        raise ValueError(
            f"The critic returns {critic.outputs[0].shape}; expected one score an image, (batch, 1), without a "
            "sigmoid: end it with Flatten and Dense(1)."
        )


def _check_inputs(role, network):
    inputs = getattr(network, "inputs", None)
    if not inputs or isinstance(network.input_shape, dict) or len(inputs) > 2:
        raise ValueError(
            f"The {role} is {type(network).__name__} without one known input shape; expected a Functional model "
            "with one input and one output, such as those of wgan_keras.networks, or with labels as its second input."
            f"{'' if inputs else _remedy(role, network)}"
        )


def _remedy(role, network):
    """What to do with a network of which Keras knows no inputs; nothing of what is no network."""
    shape = {"generator": "(latent_dim,)", "critic": "image_shape"}[role]
    if isinstance(network, keras.Sequential):
        return f" Begin the Sequential with keras.Input({shape})."
    if isinstance(network, keras.Layer):
        return f" Wrap it: x = keras.Input({shape}); {role} = keras.Model(x, {type(network).__name__}(...)(x))."
    return ""


def _check_outputs(role, network, names):
    outputs = network.compute_output_spec(network.inputs if len(network.inputs) > 1 else network.inputs[0])
    if isinstance(outputs, dict) or len(network.outputs) > len(names):
        raise ValueError(
            f"The {role} returns {_in_words(outputs)}; expected one tensor, {' or two, '.join(names)}. Make a model of "
            "that alone: keras.Model(network.input, network.output[...])."
        )


def _in_words(outputs):
    if isinstance(outputs, dict):
        return f"a dictionary with {', '.join(map(repr, outputs))}"
    return f"{len(outputs)} tensors"


def class_names(names, width):
    if names is None:
        return None
    if isinstance(names, str) or not all(isinstance(name, str) for name in names) or len(names) != width:
        given = f"{len(names)} names" if isinstance(names, list | tuple) else repr(names)
        raise ValueError(
            f"class_names is {given}, and the networks take labels of {width or 'no'} classes; expected a name for "
            "each."
        )
    return tuple(names)


def check_seed(seed):
    if not fits(seed, Seed | None):
        raise ValueError(f"seed is {seed!r}; expected a whole number from 0 to 2^32 - 1, or None.")
    if seed is None and processes.count() > 1:
        raise ValueError(
            f"seed is None, and each of {processes.count()} processes that train together would draw another; give one "
            "number to all, such as seed=0."
        )


def check_constraints(critic, own):
    """Every variable of the critic is free to get the game's constraint, of the class `own`."""
    for variable in critic.variables:
        if variable.constraint is not None and not isinstance(variable.constraint, own):
            raise ValueError(
                f"The critic's {variable.path} has the constraint {type(variable.constraint).__name__}, in whose place "
                f"this game puts {own.__name__}. Build the critic without constraints."
            )


def check_least(count, game):
    """ValueError if `count` images, in one batch or in all, are fewer than the game's losses are made of."""
    if count < game.least_batch:
        raise ValueError(
            f"A batch would hold {count} images, and this {type(game).__name__} compares images with each other; "
            f"expected at least {game.least_batch} at once. Make the batch larger, or give more images."
        )


def check_unweighted(arguments):
    for name in ("sample_weight", "class_weight"):
        if arguments.get(name) is not None:
            raise ValueError(WEIGHTED.format(name))


def check_passes(data, epochs, name, steps):
    """ValueError where a Python generator would be taken again in each epoch: from a second time on it has no batches.

    Keras, which has looked at two of them, would make these two of each further epoch.
    """
    if isinstance(data, types.GeneratorType) and epochs > 1 and steps is None:
        raise ValueError(
            f"A Python generator's batches can be taken only once, and there are {epochs} epochs; expected {name}, how "
            f"many of its steps go to each: {name}=100. Or give an array or a dataset."
        )


def check_compile(generator_optimizer, critic_optimizer, scheduled_rates, arguments, networks):
    if scheduled_rates not in ("both", "generator", "critic"):
        raise ValueError(
            f"scheduled_rates is {scheduled_rates!r}; expected 'both', 'generator' or 'critic', whose learning rate "
            "callbacks move."
        )
    unknown = set(arguments) - {"run_eagerly", "steps_per_execution", "jit_compile"}
    if unknown:
        raise ValueError(
            f"compile() got {', '.join(sorted(unknown))}; the losses and logs belong to the game. Expected "
            "generator_optimizer, critic_optimizer, scheduled_rates, run_eagerly, steps_per_execution, jit_compile."
        )
    if generator_optimizer is critic_optimizer:
        raise ValueError("One optimizer was given for both networks; each needs its own, with its own moments.")
    for optimizer in (generator_optimizer, critic_optimizer):
        if isinstance(optimizer, getattr(keras.optimizers, "MultiOptimizer", ())):
            raise ValueError(
                "A MultiOptimizer was given, whose parts have moments and learning rates that a game's files and "
                "callbacks do not know. Give one optimizer a network."
            )
        if optimizer.use_ema:
            raise ValueError("The optimizer has use_ema=True; averaging is the game's: pass ema_decay to the model.")
        if optimizer.gradient_accumulation_steps:
            raise ValueError(
                "The optimizer accumulates gradients, and then counts fewer steps than it is given, by which a game "
                "knows where it is. Leave gradient_accumulation_steps out, and take larger batches."
            )
        if isinstance(optimizer, keras.optimizers.LossScaleOptimizer) or optimizer.loss_scale_factor:
            raise ValueError("The optimizer scales losses, which a game's steps do not undo. Leave the scaling out.")
    policies = {layer.dtype_policy.name for network in networks for layer in network._flatten_layers()}
    halves = sorted(name for name in policies if name.endswith("float16") and not name.endswith("bfloat16"))
    if halves:
        raise ValueError(
            f"The dtype policy is {halves[0]}, whose small gradients vanish without a loss scaling that knows two "
            "optimizers. Use mixed_bfloat16, which needs no scaling."
        )


def check_images(images, generator):
    """A first batch of images (batch, *shape) is of the kind that the generator makes.

    Raises:
        ValueError: integers, another shape, or values that the generator's last activation never reaches.
    """
    check_kind(images, *kind_of(generator))


def warn_of_half_range(images, generator):
    """Where the first images to learn from are pictures in [0, 1], as far as one can see, under tanh."""
    shape, activation = kind_of(generator)
    if len(shape) != 3 or activation != "tanh":
        return
    if all(np.min(each, initial=0) >= 0 for each in images) and np.any(images[0]):
        warnings.warn(
            "No pixel of the first images is below 0, and the generator makes values in [-1, 1]. If they are scaled to "
            "[0, 1], the samples never match them: take 2 * x - 1.",
            stacklevel=4,
        )


def kind_of(generator):
    """(shape, name of the last activation if it is known) of the images that the generator makes."""
    last = generator.outputs[0]._keras_history.operation  # which may be no layer, as in 3.0 * x
    return generator.output_shape[1:], getattr(last_activation(last), "__name__", None)


def last_activation(layer):
    """The activation in which a layer ends, None if it has none or is a user's own: that may use one on its way."""
    return getattr(layer, "activation", None) if runs_known_code(layer) else None


def runs_known_code(layer):
    """Whether Keras or this library wrote the `call` of a layer; any class may have inherited it."""
    owner = next(kind for kind in type(layer).__mro__ if "call" in vars(kind))
    return owner.__module__.partition(".")[0] in ("keras", __name__.partition(".")[0])


def check_kind(images, expected, activation):
    """`check_images` for a generator of this kind."""
    images = np.asarray(images)
    if not keras.backend.is_float_dtype(images.dtype.name):
        raise ValueError(
            f"The images are {images.dtype}; expected floats. Scale pixels from 0..255 to [-1, 1]: x / 127.5 - 1, "
            "or use wgan_keras.data.load."
        )
    if images.shape[1:] != expected:
        raise ValueError(
            f"A batch of images has shape {images.shape}; the generator makes {('batch', *expected)}. "
            "Build the networks for the data's shape, batch the dataset, or resize the images."
        )
    low, high = RANGES.get(activation, (-np.inf, np.inf))
    if images.min() < low - 1e-3 or images.max() > high + 1e-3:
        raise ValueError(
            f"The images reach from {images.min():.3g} to {images.max():.3g}; the generator ends in {activation} and "
            f"makes values in [{low:g}, {high:g}]. Scale the images to that range."
        )
