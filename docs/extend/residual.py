"""Networks: perceptrons whose hidden layers add to their input. A pair, so that `--network residual` chooses it."""

import keras
from keras import layers

import wgan_keras
from wgan_keras.networks.sizes import LatentDim, Shape, Units


def usual_generator(shape, width, latent_dim, normalization):
    return {"output_shape": shape, "latent_dim": latent_dim or 2, "units": 8 * width}


def usual_critic(shape, width, latent_dim, normalization):
    return {"input_shape": shape, "units": 8 * width}


def hidden(x, units):
    x = layers.Dense(units)(x)
    return layers.Add()([x, layers.Dense(units)(wgan_keras.layers.LeakyReLU(0.2)(x))])


@wgan_keras.register_network("residual_generator", usual=usual_generator)
def residual_generator(output_shape: Shape, latent_dim: LatentDim = 2, units: Units = 64) -> keras.Model:
    """Latents (batch, latent_dim) -> points (batch, *output_shape)."""
    latents = keras.Input((latent_dim,))
    return keras.Model(latents, layers.Dense(output_shape[0])(hidden(latents, units)))


@wgan_keras.register_network("residual_critic", usual=usual_critic)
def residual_critic(input_shape: Shape, units: Units = 64) -> keras.Model:
    """Points (batch, *input_shape) -> scores (batch, 1)."""
    points = keras.Input(input_shape)
    return keras.Model(points, layers.Dense(1)(hidden(points, units)))
