"""The command `wgan-keras`: thin verbs over the library, one a file.

Each verb imports what it needs when it runs, so that `--help` and `list` do not wait for TensorFlow.
"""

from wgan_keras.cli.app import app

__all__ = ["app"]
