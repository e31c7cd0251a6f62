"""Generators and critics as Functional Keras models."""

from wgan_keras.networks.autoencoder import autoencoder_critic
from wgan_keras.networks.classifiers import dcgan_classifier, mlp_classifier
from wgan_keras.networks.dcgan import dcgan_critic, dcgan_generator
from wgan_keras.networks.features import dcgan_features, mlp_features
from wgan_keras.networks.mlp import mlp_critic, mlp_generator
from wgan_keras.networks.registry import NETWORKS, built_by, register_network
from wgan_keras.networks.resnet import resnet_critic, resnet_generator

__all__ = [
    "NETWORKS",
    "autoencoder_critic",
    "built_by",
    "dcgan_classifier",
    "dcgan_critic",
    "dcgan_features",
    "dcgan_generator",
    "mlp_classifier",
    "mlp_critic",
    "mlp_features",
    "mlp_generator",
    "register_network",
    "resnet_critic",
    "resnet_generator",
]
