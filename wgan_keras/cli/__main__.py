"""`python -m wgan_keras.cli`, the same as `wgan-keras`."""

from wgan_keras.cli import app

if __name__ == "__main__":
    app()
