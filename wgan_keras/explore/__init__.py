"""A static page on which generators run in the browser: a folder for any web server, or for one of this machine."""

from wgan_keras.explore.choice import picture_presets
from wgan_keras.explore.folder import write
from wgan_keras.explore.serving import address, bind

__all__ = ["address", "bind", "picture_presets", "write"]
