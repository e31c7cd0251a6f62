"""Critics that return features instead of a score, for games such as `MMDGAN`."""

from typing import Literal

import keras

from wgan_keras.networks.dcgan import dcgan_critic
from wgan_keras.networks.mlp import mlp_critic
from wgan_keras.networks.registry import NETWORKS, register_network
from wgan_keras.networks.sizes import Depth, Growth, Shape, Units, Width

FEATURES = 16  # as Binkowski et al., 2018, and as many as their critics need


def _usual(critic):
    def usual(shape, width, latent_dim, normalization):
        return NETWORKS[critic].usual(shape, width, latent_dim, normalization) | {"features": FEATURES}

    return usual


def _ending_in(features, critic):
    """A critic with a layer of features in place of its score.

    It has no bias: distances between features are blind to one, and Adam would make a step of its gradient's rounding.
    """
    x = keras.layers.Dense(features, use_bias=False, dtype="float32", name="features")(critic.layers[-1].input)
    return keras.Model(critic.input, x, name="critic")


@register_network("mlp_features", usual=_usual("mlp_critic"))
def mlp_features(input_shape: Shape, features: Units = FEATURES, units: Units = 512, depth: Depth = 4) -> keras.Model:
    """`mlp_critic` that ends in features, for `MMDGAN`: (batch, *input_shape) -> (batch, features)."""
    return _ending_in(features, mlp_critic(input_shape, units, depth))


@register_network("dcgan_features", usual=_usual("dcgan_critic"))
def dcgan_features(
    image_shape: Shape,
    features: Units = FEATURES,
    width: Width = 64,
    normalization: Literal["layer", "batch"] | None = None,
    growth: Growth = 2,
) -> keras.Model:
    """`dcgan_critic` that ends in features, for `MMDGAN`: (batch, *image_shape) -> (batch, features)."""
    return _ending_in(features, dcgan_critic(image_shape, width, normalization, growth))
