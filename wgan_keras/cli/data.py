"""`wgan-keras data`."""

import dataclasses
import pathlib
from typing import Annotated

import typer

from wgan_keras.cli import paths

_LISTED = 100  # classes


def data(
    name: Annotated[
        str,
        typer.Argument(help="A data set by name, see `wgan-keras list data`, or the path of a folder of pictures."),
    ],
    data_dir: Annotated[
        pathlib.Path | None,
        typer.Option(help="Where the files of an image set lie, if not in a usual place.", **paths.READ),
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch the set if it is not on this machine.")] = False,
):
    """Say where a data set would be read from and how many images each class has; decode a folder's pictures.

    Exit status: 0 if the data is on this machine, and every picture of a folder and all labels readable; 1 if not; 2
    for a name that means nothing.
    """
    from wgan_keras.data.catalog import dataset, fetch, is_folder, locate
    from wgan_keras.data.folder_report import check_folder

    try:
        location = locate(name, data_dir)
    except (ValueError, FileNotFoundError) as error:
        raise typer.BadParameter(str(error)) from error
    report = check_folder(location.path) if location is not None and location.kind == "folder" else None
    if report is not None:
        # The subfolders of a named set are not its classes.
        typer.echo(str(report if is_folder(name) else dataclasses.replace(report, classes={}, unlabeled="")))
    if location is None and download:
        try:
            location = fetch(name)
        except (ConnectionError, ImportError) as error:
            typer.echo(str(error))
    if report is None:
        typer.echo(f"{name}: {location or 'not on this machine'}")
    if location is not None and not is_folder(name) and dataset(name, data_dir).class_names():
        typer.echo("\n".join(_class_lines(name, data_dir)))
    for attribute, values in dataset(name).attributes.items():
        typer.echo(f"{attribute}: {', '.join(values)}")
    raise typer.Exit(1 if location is None or (report is not None and report.unreadable) else 0)


def _class_lines(name, data_dir):
    """The number, name, and images in both splits of each class of a named set; for many classes their range alone."""
    import numpy as np

    from wgan_keras.data import SPLITS, class_names, load_labels

    names = class_names(name, data_dir)
    train, test = (np.bincount(load_labels(name, split, data_dir), minlength=len(names)) for split in SPLITS)
    if len(names) > _LISTED:
        return [
            f"{len(names)} classes of {train.min()} to {train.max()} train and {test.min()} to {test.max()} test images"
        ]
    width = max(map(len, names))
    heading = f"{'class':{width + 4}} {'train':>7} {'test':>7}"
    return [heading] + [f"{i:3} {name:{width}} {train[i]:7} {test[i]:7}" for i, name in enumerate(names)]
