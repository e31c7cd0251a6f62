"""`wgan-keras explore`."""

import contextlib
import pathlib
from typing import Annotated

import typer

from wgan_keras.cli import paths
from wgan_keras.runtime import startup


def explore(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MODEL]...",
            help="Presets, runs or .keras files, as `sample` takes them; default: the presets that make pictures.",
        ),
    ] = None,
    out: Annotated[pathlib.Path, typer.Option(help="The folder to write.", **paths.FOLDER)] = pathlib.Path("explorer"),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of this machine; 0 takes any that is free.")] = 8000,
    serve: Annotated[bool, typer.Option(help="Serve the page until Ctrl-C; else write the folder alone.")] = True,
):
    """Write a page on which models can be explored in the browser, and serve it on this machine.

    The generators run in the page: samples of a seed, moved along directions of the latents, walks from one to
    another, and what the critic thinks of each. The folder works on any static host, and without a network.
    Needs: pip install 'wgan_keras[export]', and npm for the first page. Some ten seconds a model.
    """
    startup.load_keras()
    from wgan_keras.explore import choice, folder, serving

    # The port first, as the models take a while.
    with serving.bind(out, port) if serve else contextlib.nullcontext() as server:
        folder.write(models or choice.picture_presets(), out, typer.echo)
        typer.echo(f"Wrote the page to {out}/.")
        if server is not None:
            typer.echo(f"Open {serving.address(server)} in a browser; Ctrl-C ends it.")
            with contextlib.suppress(KeyboardInterrupt):
                server.serve_forever()
