"""What the critic is shown of every batch, real or generated, in both updates."""

from wgan_keras.views.diff_augment import DiffAugment
from wgan_keras.views.instance_noise import InstanceNoise
from wgan_keras.views.pack import Pack
from wgan_keras.views.view import VIEWS, View, register_view

__all__ = ["VIEWS", "DiffAugment", "InstanceNoise", "Pack", "View", "register_view"]
