"""`wgan-keras sample`."""

import pathlib
from enum import StrEnum
from typing import Annotated

import typer

from wgan_keras.cli import paths
from wgan_keras.cli.options import MODEL
from wgan_keras.runtime import startup


class Form(StrEnum):  # of wgan_keras.samples.forms, which --help need not load
    grid = "grid"
    interpolation = "interpolation"
    classes = "classes"
    video = "video"
    training = "training"


def sample(
    model: Annotated[str, typer.Argument(help=MODEL)],
    out: Annotated[
        pathlib.Path,
        typer.Option(
            help="A .png, an .npz, a .gif, .webp or .mp4, or a folder for one PNG each.", **paths.FILE_OR_FOLDER
        ),
    ] = pathlib.Path("samples.png"),
    n: Annotated[int | None, typer.Option("-n", help="How many; default: 64.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same samples; default: new ones.")] = None,
    form: Annotated[
        Form,
        typer.Option(
            help="A grid, rows that walk between two latents, a row for each class; as a video a walk through "
            "latents, or a run's sample grids from epoch to epoch."
        ),
    ] = Form.grid,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Of a conditional game: a class by name or number; several are taken in turn."),
    ] = None,
    columns: Annotated[
        int | None, typer.Option(help="Of the grid; for a walk the steps from a latent to the next.")
    ] = None,
):
    """Draw samples from a trained model.

    Reads the model; writes a grid (.png), an array `samples` in [-1, 1] (.npz), separate PNGs (a folder), or a video
    (.gif or .webp; .mp4 needs: pip install 'wgan_keras[video]').
    A few seconds to load, then about 0.1 milliseconds an image at 28x28.
    """
    startup.load_keras()
    from tqdm import tqdm

    from wgan_keras.samples import writing

    typer.echo(f"Wrote {writing.write(model, out, n, seed, form.value, columns, label, progress=tqdm)}.")
