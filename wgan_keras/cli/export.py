"""`wgan-keras export`."""

import pathlib
from enum import StrEnum
from typing import Annotated

import typer

from wgan_keras.cli import paths
from wgan_keras.cli.options import MODEL
from wgan_keras.runtime import startup


class Format(StrEnum):  # of wgan_keras.export, which --help need not load
    onnx = "onnx"
    savedmodel = "savedmodel"
    litert = "litert"


class Network(StrEnum):
    generator = "generator"
    critic = "critic"


class Pixels(StrEnum):
    float = "float"
    uint8 = "uint8"


def export(
    model: Annotated[str, typer.Argument(help=MODEL)],
    format: Annotated[Format, typer.Option(help="Of the file; onnx needs: pip install 'wgan_keras[export]'.")],
    out: Annotated[
        pathlib.Path,
        typer.Option(help="A .onnx, a .tflite (litert), or a folder (savedmodel).", **paths.FILE_OR_FOLDER),
    ],
    network: Annotated[
        Network, typer.Option(help="The averaged generator, or the critic; one file holds one.")
    ] = Network.generator,
    pixels: Annotated[Pixels, typer.Option(help="Of the images: float in [-1, 1], or uint8 in 0..255.")] = Pixels.float,
):
    """Write a trained model for other programs: ONNX Runtime, TensorFlow, LiteRT.

    The generator takes latents and returns images, the critic takes images and returns scores. Where a conditional
    game's networks take labels, they are vectors, one-hot for classes. Any batch size. A few seconds.
    """
    startup.load_keras()
    from wgan_keras.samples import opening

    opening.open_model(model).export(out, format.value, network.value, pixels.value)
    typer.echo(f"Wrote the {network.value} of {model} to {out}.")
