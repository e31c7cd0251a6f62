"""Generators and critics as Functional Keras models."""

from wgan_keras.networks.dcgan import dcgan_critic, dcgan_generator
from wgan_keras.networks.mlp import mlp_critic, mlp_generator

__all__ = ["dcgan_critic", "dcgan_generator", "mlp_critic", "mlp_generator"]
