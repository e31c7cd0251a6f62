"""The typer app: the verbs, and the options that go with every one."""

from collections.abc import Callable
from typing import Annotated

import typer

from wgan_keras.cli.data import data
from wgan_keras.cli.errors import OneLine
from wgan_keras.cli.evaluate import evaluate
from wgan_keras.cli.explore import explore
from wgan_keras.cli.export import export
from wgan_keras.cli.list import list_registered
from wgan_keras.cli.options import EVERYWHERE
from wgan_keras.cli.sample import sample
from wgan_keras.cli.train import train
from wgan_keras.cli.tune import tune
from wgan_keras.cli.upload import upload
from wgan_keras.runtime import user_modules

VERBS: dict[str, Callable[..., None]] = {
    "list": list_registered,
    "train": train,
    "sample": sample,
    "evaluate": evaluate,
    "export": export,
    "explore": explore,
    "upload": upload,
    "tune": tune,
    "data": data,
}

app = typer.Typer(cls=OneLine, rich_markup_mode="markdown", add_completion=False, pretty_exceptions_enable=False)
for name, verb in VERBS.items():
    app.command(name, epilog=EVERYWHERE)(verb)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    imports: Annotated[
        list[str] | None,
        typer.Option(
            "--import",
            metavar="FILE.py|MODULE",
            help="Import your own games, networks, data sets or metrics first; goes with every verb, may be repeated.",
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show an error's traceback; goes with every verb.")] = False,
):
    """Train Wasserstein GANs, draw samples from them, and score them."""
    # `OneLine` took both options from wherever they stood; they are declared here for the help.
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)
    user_modules.import_modules(context.obj or ())
