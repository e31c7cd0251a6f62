"""`wgan-keras data`."""

import pathlib
from typing import Annotated

import typer


def data(
    name: Annotated[
        str,
        typer.Argument(help="A data set by name, see `wgan-keras list data`, or the path of a folder of pictures."),
    ],
    data_dir: Annotated[
        pathlib.Path | None, typer.Option(help="Where the files of an image set lie, if not in a usual place.")
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch the set if it is not on this machine.")] = False,
):
    """Say where a data set would be read from, fetch it if told, and decode a folder's pictures.

    Exit status: 0 if the data is on this machine, and every picture of a folder readable; 1 if not; 2 for a name that
    means nothing.
    """
    from wgan_keras.data.catalog import fetch, locate
    from wgan_keras.data.folder import check_folder

    try:
        location = locate(name, data_dir)
        report = check_folder(location.path) if location is not None and location.kind == "folder" else None
    except (ValueError, FileNotFoundError) as error:
        raise typer.BadParameter(str(error)) from error
    if report is not None:
        typer.echo(str(report))
        raise typer.Exit(1 if report.unreadable else 0)
    if location is None and download:
        try:
            location = fetch(name)
        except (ConnectionError, ImportError) as error:
            typer.echo(str(error))
    typer.echo(f"{name}: {location or 'not on this machine'}")
    raise typer.Exit(1 if location is None else 0)
