"""`wgan-keras upload`."""

from typing import Annotated

import typer

from wgan_keras.runtime import startup


def upload(
    preset: Annotated[str, typer.Argument(help="A run's folder, or a preset: its name (see `list`) or its folder.")],
    uri: Annotated[str, typer.Argument(metavar="hf://USER/REPO", help="Made if it is not there.")],
    public: Annotated[bool, typer.Option("--public", help="For everybody; default: private.")] = False,
    license: Annotated[
        str, typer.Option(help="Of the weights, as the hub spells it: mit, apache-2.0, cc-by-4.0, other.")
    ] = "unknown",
):
    """Put a trained model on the Hugging Face Hub.

    Opens the preset as a check, writes a model card with its scores, and uploads all in one commit. Needs: pip install
    'wgan_keras[hub]', and a token that may write, in HF_TOKEN or from `hf auth login`.
    """
    startup.load_keras()
    from wgan_keras.publishing import uploading

    typer.echo(f"Uploaded {preset}: {uploading.upload_preset(uri, preset, public, license)}")
