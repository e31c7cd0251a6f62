"""Critics that return the logits of the classes, for `SemiSupervisedGAN` (Salimans et al., 2016)."""

from typing import Literal

import keras

from wgan_keras._schema import Share
from wgan_keras.networks.dcgan import dcgan_critic
from wgan_keras.networks.mlp import mlp_critic
from wgan_keras.networks.registry import NETWORKS, register_network
from wgan_keras.networks.sizes import Classes, Depth, Growth, Shape, Units, Width


def _usual(critic):
    def usual(shape, width, latent_dim, normalization):
        return NETWORKS[critic].usual(shape, width, latent_dim, normalization)

    return usual


def _ending_in(classes, dropout, critic):
    """A critic with the classes' logits in place of its score, and dropout before them."""
    x = keras.layers.Dropout(dropout)(critic.layers[-1].input)
    return keras.Model(critic.input, keras.layers.Dense(classes, dtype="float32", name="logits")(x), name="critic")


@register_network("mlp_classifier", usual=_usual("mlp_critic"))
def mlp_classifier(
    input_shape: Shape, classes: Classes = 10, units: Units = 512, depth: Depth = 4, dropout: Share = 0.0
) -> keras.Model:
    """Images or points (batch, *input_shape) -> logits (batch, classes); else as `mlp_critic`.

    Args:
        dropout: share of the last features that is dropped in training.
    """
    return _ending_in(classes, dropout, mlp_critic(input_shape, units, depth))


@register_network("dcgan_classifier", usual=_usual("dcgan_critic"))
def dcgan_classifier(
    image_shape: Shape,
    classes: Classes = 10,
    width: Width = 64,
    normalization: Literal["layer", "batch"] | None = None,
    growth: Growth = 2,
    dropout: Share = 0.0,
) -> keras.Model:
    """Images (batch, *image_shape) -> logits (batch, classes); else as `dcgan_critic`.

    Args:
        dropout: share of the last features that is dropped in training.
    """
    return _ending_in(classes, dropout, dcgan_critic(image_shape, width, normalization, growth))
