"""The command `wgan-keras`: thin verbs over the library.

Each verb imports what it needs when it runs, so that `--help` and `list` do not wait for TensorFlow.
"""

import json
import pathlib
from enum import StrEnum
from typing import Annotated

import typer

from wgan_keras import output, startup
from wgan_keras.commands import paths
from wgan_keras.commands.errors import OneLine
from wgan_keras.commands.options import refuse_others
from wgan_keras.commands.tune import tune

app = typer.Typer(cls=OneLine, add_completion=False, pretty_exceptions_enable=False)


class Game(StrEnum):
    gan = "gan"
    wgan = "wgan"
    wgan_gp = "wgan_gp"


class Network(StrEnum):
    dcgan = "dcgan"
    mlp = "mlp"


class Form(StrEnum):
    grid = "grid"
    interpolation = "interpolation"


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show an error's traceback; goes with every verb.")] = False,
):
    """Train Wasserstein GANs, draw samples from them, and score them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


_MODEL = (
    "A .keras file, a run's folder (its best state where the recipe evaluates, else its last), or a preset: its name "
    "(see `list`), its folder, or hf://user/repo."
)


@app.command("list")
def list_presets():
    """List the trained models that come with the package, with their scores; nothing is loaded."""
    from wgan_keras import listing

    typer.echo(listing.text())


@app.command()
@output.may_fail()
def train(
    context: typer.Context,
    recipe: Annotated[
        str | None, typer.Argument(help="A recipe (JSON), or a preset to train again, in place of the options.")
    ] = None,
    out: Annotated[pathlib.Path, typer.Option(help="The run's folder.", **paths.FOLDER)] = pathlib.Path("runs/latest"),
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out.")] = False,
    game: Annotated[Game, typer.Option(help="Which game.")] = Game.wgan_gp,
    data: Annotated[str, typer.Option(help="A data set by name, or a folder of pictures.")] = "fashion_mnist",
    image_size: Annotated[int | None, typer.Option(help="For a folder: pictures become squares of this side.")] = None,
    data_dir: Annotated[pathlib.Path | None, typer.Option(help="Where a named data set lies.")] = None,
    network: Annotated[Network | None, typer.Option(help="Default: dcgan for images, mlp for points.")] = None,
    width: Annotated[int, typer.Option(help="Filters of the finest stage; an MLP has 8 x width units a layer.")] = 64,
    latent_dim: Annotated[int | None, typer.Option(help="Default: 128 for images, 2 for points.")] = None,
    n_critic: Annotated[int | None, typer.Option(help="Critic updates an iteration; default: the paper's.")] = None,
    ema_decay: Annotated[float, typer.Option(help="Decay of the averaged generator; 0 for none.")] = 0.999,
    learning_rate: Annotated[float | None, typer.Option(help="Of both optimizers; default: the paper's.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="m; default 64, 256 for points.")] = None,
    iterations: Annotated[int, typer.Option(help="Generator iterations.")] = 10_000,
    epoch_iterations: Annotated[
        int | None, typer.Option(help="Iterations between checkpoints and sample grids; default: a pass over the data.")
    ] = None,
    weights: Annotated[
        pathlib.Path | None, typer.Option(help="The file of the extractor 'inception', for a recipe that scores by it.")
    ] = None,
    mixed_precision: Annotated[bool, typer.Option("--mixed-precision", help="Train in mixed_bfloat16.")] = False,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
):
    """Train by options, by a recipe or by that of a preset, and write a run's folder.

    Reads the data (Fashion-MNIST: 30 MB on disk); writes config.json, run.json, gan.keras, history.csv, curves.png,
    samples/, samples.png and preset/ to --out, and scores.json and best.keras for a recipe that evaluates. Ctrl-C,
    SIGTERM or a terminal that closes stops after the step under way and leaves a checkpoint: `wgan-keras train --resume
    --out DIR` goes on as if nothing had happened. One process at a time trains in a folder.
    On two CPU cores an iteration of WGAN-GP at 28x28, width 64, takes about half a second.
    """
    startup.load_keras()
    from wgan_keras import presets, training

    if resume:
        known = ("resume", "out", "data_dir", "weights")
        refuse_others(context, known, "--resume goes on with the run as it was begun")
        model, received = training.resume(out, data_dir, weights)
    else:
        if recipe:
            known = ("recipe", "out", "data_dir", "epoch_iterations", "weights")
            refuse_others(context, known, "the recipe says it; change a copy of its JSON")
        chosen, splits = (
            (presets.open_recipe(recipe), None)
            if recipe
            else _recipe_from_options(
                {"name": game.value, "n_critic": n_critic, "ema_decay": ema_decay or None, "seed": seed},
                {"name": data, "image_size": image_size},
                data_dir,
                learning_rate=learning_rate,
                network=network and network.value,
                width=width,
                latent_dim=latent_dim,
                batch_size=batch_size,
                iterations=iterations,
                dtype_policy="mixed_bfloat16" if mixed_precision else "float32",
            )
        )
        model, received = training.start(chosen, out, data_dir, epoch_iterations, weights, splits)
    done = int(model.generator_optimizer.iterations)
    if received is not None:
        typer.echo(f"Stopped after iteration {done}. Go on with: wgan-keras train --resume --out {out}")
        raise typer.Exit(128 + received)
    typer.echo(f"Trained to iteration {done}. Look at {out / 'samples.png'} and {out / 'curves.png'}.")


@app.command()
def sample(
    model: Annotated[str, typer.Argument(help=_MODEL)],
    out: Annotated[
        pathlib.Path, typer.Option(help="A .png, an .npz, or a folder for one PNG each.", **paths.FILE_OR_FOLDER)
    ] = pathlib.Path("samples.png"),
    n: Annotated[int, typer.Option("-n", help="How many.")] = 64,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same samples; default: new ones.")] = None,
    form: Annotated[Form, typer.Option(help="A grid of samples, or rows that walk between two latents.")] = Form.grid,
    columns: Annotated[int | None, typer.Option(help="Of the grid; for an interpolation its steps.")] = None,
):
    """Draw samples from a trained model.

    Reads the model; writes a grid (.png), an array `samples` in [-1, 1] (.npz), or separate PNGs (a folder).
    A few seconds to load, then about a millisecond an image at 28x28.
    """
    startup.load_keras()
    from tqdm import tqdm

    from wgan_keras import drawing

    typer.echo(f"Wrote {drawing.draw(model, out, n, seed, form.value, columns, progress=tqdm)}.")


@app.command()
def evaluate(
    model: Annotated[str, typer.Argument(help=_MODEL)],
    protocol: Annotated[
        str, typer.Option(help="Metric, extractor, sample count: fid_..., kid_..., all_...")
    ] = "fid_fashion_mnist_classifier_10k",
    data: Annotated[str | None, typer.Option(help="The real data, where the protocol does not say.")] = None,
    data_dir: Annotated[pathlib.Path | None, typer.Option(help="Where a named data set lies.")] = None,
    image_size: Annotated[int | None, typer.Option(help="For a folder of pictures.")] = None,
    weights: Annotated[pathlib.Path | None, typer.Option(help="The file of the extractor 'inception'.")] = None,
    seed: Annotated[int, typer.Option(help="Of the samples; one seed, one score.")] = 0,
    json_path: Annotated[
        pathlib.Path | None, typer.Option("--json", help="Write the report there too.", **paths.FILE)
    ] = None,
):
    """Score samples of a trained model under a named protocol, beside what real images score.

    Reads the model and the data; prints a table and writes --json. Features of the real images are kept in
    ~/.cache/wgan_keras for the next time. All metrics on 10,000 images at 28x28 take under a minute on two CPU cores.
    """
    startup.load_keras()
    from tqdm import tqdm

    from wgan_keras import bounds, drawing, scoring
    from wgan_keras.saving import whole_file

    bounds.check("seed", seed)

    opened = drawing.open_model(model)  # first: a name mistyped need not wait for the features of the data
    evaluation = scoring.reference(protocol, data, data_dir, image_size, weights, progress=tqdm)
    report = scoring.evaluate(opened, evaluation, seed, progress=tqdm)
    try:  # the file first, whatever becomes of the output; and the table, whatever becomes of the file
        if json_path is not None:
            with whole_file(json_path) as temporary:
                temporary.write_text(json.dumps({"model": model, "seed": seed, **report.to_dict()}, indent=2) + "\n")
    finally:
        typer.echo(report.table())


def _recipe_from_options(game, data, data_dir, **fields):
    """(the standard recipe for the data, whose shape is read from it; both splits); a folder's report is told."""
    from tqdm import tqdm

    from wgan_keras import data as datasets
    from wgan_keras import recipes

    train, test, report = datasets.load_splits(data["name"], data_dir, data["image_size"], progress=tqdm)
    if report is not None:
        typer.echo(str(report))
        data["name"] = str(report.path.resolve())  # so that it is found from any working directory
    given = {k: v for k, v in fields.items() if v is not None}
    game = {k: v for k, v in game.items() if v is not None}
    recipe = recipes.standard(game, {k: v for k, v in data.items() if v is not None}, test.shape[1:], **given)
    return recipe, (train, test)


app.command()(output.may_fail()(tune))


if __name__ == "__main__":
    app()
