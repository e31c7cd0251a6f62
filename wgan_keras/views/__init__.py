"""What the critic is shown of every batch, real or generated, in both updates."""

from wgan_keras.views.view import VIEWS, View, register_view

__all__ = ["VIEWS", "View", "register_view"]
