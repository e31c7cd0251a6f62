"""Critics that a gradient penalty cannot be trained through, each refused by the name of its layer."""

import keras

from wgan_keras import backend


def check_penalized(critic):
    """What is known without measuring: no layer that ties the samples of a batch together, none whose second derivative
    is known to be wrong.

    Batch normalization ties them, and so does a layer with a true attribute `ties_samples`.

    Raises:
        ValueError: there is one.
    """
    for layer in critic._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            raise ValueError(
                f"The critic's layer {layer.name!r} is a batch normalization, which a gradient penalty does not "
                "allow. Use none or layer normalization: dcgan_critic(..., normalization='layer')."
            )
        if getattr(layer, "ties_samples", False):
            raise ValueError(
                f"The critic's layer {layer.name!r} is a {type(layer).__name__}, which a gradient penalty does not "
                "allow: it ties the samples of a batch together, and the penalty is on the gradient of each by itself. "
                "Leave it out, or train without the penalty."
            )
        if isinstance(layer, backend.WRONG_SECOND_DERIVATIVE):
            raise ValueError(
                f"The critic's layer {layer.name!r} is a keras.layers.{type(layer).__name__}, whose second derivative "
                f"is wrong on {keras.backend.backend()}, and a gradient penalty trains by it. Use "
                "wgan_keras.layers.LayerNormalization."
            )


def check_unrolled(critic):
    """No layer whose second derivative is known to be wrong where an update of the critic is differentiated.

    Raises:
        ValueError: there is one.
    """
    wrong = (*backend.WRONG_SECOND_DERIVATIVE, *backend.WRONG_SECOND_DERIVATIVE_IN_TRAINING)
    for layer in critic._flatten_layers():
        if isinstance(layer, wrong):
            raise ValueError(
                f"The critic's layer {layer.name!r} is a {type(layer).__name__}, whose second derivative is wrong on "
                f"{keras.backend.backend()}, and an objective that unrolls the critic trains by it. Use none or "
                "wgan_keras.layers.LayerNormalization, dcgan_critic(..., normalization='layer'); or train on JAX, by "
                "the environment variable KERAS_BACKEND=jax."
            )


def check_second_derivatives(critic, inputs):
    """Measures the second derivative of each of the critic's operations on random inputs.

    Raises:
        ValueError: one is missing or wrong.
    """
    found = backend.wrong_second_derivatives(critic, inputs)
    if found:
        named = ", ".join(f"that of {name!r} is {verdict}" for name, verdict in found.items())
        raise ValueError(
            "A gradient penalty, or an unrolled critic, trains by the second derivative of the critic's layers, and on "
            f"{keras.backend.backend()} {named}. Put another in its place: UpSampling2D(interpolation='nearest') or a "
            "pooling for a resizing, tanh for softsign, wgan_keras.layers.LayerNormalization for a normalization; or "
            "train on JAX, by the environment variable KERAS_BACKEND=jax."
        )
