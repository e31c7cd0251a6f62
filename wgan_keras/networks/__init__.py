"""Generators and critics as Functional Keras models."""

from wgan_keras.networks.dcgan import dcgan_critic, dcgan_generator
from wgan_keras.networks.mlp import mlp_critic, mlp_generator
from wgan_keras.networks.registry import NETWORKS, built_by, register_network
from wgan_keras.networks.resnet import resnet_critic, resnet_generator

__all__ = [
    "NETWORKS",
    "built_by",
    "dcgan_critic",
    "dcgan_generator",
    "mlp_critic",
    "mlp_generator",
    "register_network",
    "resnet_critic",
    "resnet_generator",
]
