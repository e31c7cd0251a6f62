"""`wgan-keras train`."""

import pathlib
import shlex
from typing import Annotated, Any

import typer

from wgan_keras.cli import paths
from wgan_keras.cli.options import (
    IMAGE_SIZE,
    PART,
    given_again,
    imports_again,
    is_given,
    part_of,
    read_data,
    refuse_others,
)
from wgan_keras.runtime import output, startup

PARTS = "may be repeated; see `wgan-keras list"


@output.may_fail()
def train(
    context: typer.Context,
    recipe: Annotated[
        str | None, typer.Argument(help="A recipe (JSON), or a preset to train again, in place of the options.")
    ] = None,
    out: Annotated[pathlib.Path, typer.Option(help="The run's folder.", **paths.FOLDER)] = pathlib.Path("runs/latest"),
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out.")] = False,
    game: Annotated[str, typer.Option(help="Its name; see `wgan-keras list games`.")] = "wgan_gp",
    data: Annotated[
        str,
        typer.Option(
            help="A data set by name, see `wgan-keras list data`; a folder of pictures; or tfds:NAME, an image set of "
            "tensorflow-datasets. With --resume: where that folder lies now."
        ),
    ] = "fashion_mnist",
    image_size: Annotated[
        Any,
        typer.Option(
            help="For a folder or tfds: pictures become squares of this side, or images of this width and height.",
            **IMAGE_SIZE,
        ),
    ] = None,
    resize: Annotated[str, typer.Option(help="How: 'crop' to the center, 'pad' with white, or 'stretch'.")] = "crop",
    channels: Annotated[
        int | None, typer.Option(help="1 for gray, 3 for color; default: gray if all pictures are.")
    ] = None,
    data_dir: Annotated[pathlib.Path | None, typer.Option(help="Where a named data set lies.", **paths.READ)] = None,
    network: Annotated[
        str | None,
        typer.Option(
            help="NAME of a pair NAME_generator, NAME_critic, see `wgan-keras list networks`; "
            "default: dcgan for images, mlp for points."
        ),
    ] = None,
    width: Annotated[int, typer.Option(help="Filters of the finest stage; an MLP has 8 x width units a layer.")] = 64,
    latent_dim: Annotated[int | None, typer.Option(help="Default: 128 for images, 2 for points.")] = None,
    n_critic: Annotated[int | None, typer.Option(help="Critic updates an iteration; default: the paper's.")] = None,
    ema_decay: Annotated[float, typer.Option(help="Decay of the averaged generator; 0 for none.")] = 0.999,
    learning_rate: Annotated[float | None, typer.Option(help="Of both optimizers; default: the paper's.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="m; default 64, 256 for points.")] = None,
    micro_batch: Annotated[
        int | None, typer.Option(help="Images of a batch that a GPU computes at once, a divisor of m; default: all.")
    ] = None,
    iterations: Annotated[int, typer.Option(help="Generator iterations.")] = 10_000,
    epoch_iterations: Annotated[
        int | None,
        typer.Option(
            help="Iterations between checkpoints and sample grids; default: a pass over the data, at least 100."
        ),
    ] = None,
    weights: Annotated[
        pathlib.Path | None,
        typer.Option(
            help="The file of the extractor 'inception', 'inception2015' or one of your own, where the recipe "
            "scores by it.",
            **paths.READ,
        ),
    ] = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="A conditional game: the networks take the data's labels.")
    ] = False,
    conditioning: Annotated[
        str | None,
        typer.Option(help="With --labels: the critic sees them by 'projection' (default), or guesses: 'classifier'."),
    ] = None,
    penalty: Annotated[list[str] | None, typer.Option(metavar=PART, help=f"Add a penalty; {PARTS} penalties`.")] = None,
    view: Annotated[list[str] | None, typer.Option(metavar=PART, help=f"Add a view; {PARTS} views`.")] = None,
    objective: Annotated[
        str | None, typer.Option(metavar=PART, help="What the generator pursues; see `wgan-keras list objectives`.")
    ] = None,
    devices: Annotated[
        str, typer.Option(help="How many GPUs share each batch, or 'all'; of several machines, see docs/devices.md.")
    ] = "1",
    mixed_precision: Annotated[bool, typer.Option("--mixed-precision", help="Train in mixed_bfloat16.")] = False,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Also write for TensorBoard: tensorboard --logdir OUT/tensorboard.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
):
    """Train by options, by a recipe or by that of a preset, and write a run's folder.

    Reads the data (Fashion-MNIST: 30 MB on disk); writes config.json, run.json, gan.keras, history.csv, curves.png,
    samples/, samples.png and preset/ to --out, and scores.json and best.keras for a recipe that evaluates. Ctrl-C,
    SIGTERM or a terminal that closes stops after the step under way and leaves a checkpoint: `wgan-keras train --resume
    --out DIR` goes on as if nothing had happened. One process at a time trains in a folder.
    On two CPU cores an iteration of WGAN-GP at 28x28, width 64, takes about 0.3 seconds.
    """
    startup.load_keras()
    from wgan_keras import backend, presets, run_folder, training

    on_devices = backend.devices(_how_many(devices))

    if resume:
        known = ("resume", "out", "data", "data_dir", "weights", "devices", "tensorboard")
        refuse_others(context, known, "--resume goes on with the run as it was begun")
        moved = data if is_given(context, "data") else None
        model, received = training.resume(out, data_dir, weights, on_devices, tensorboard, moved)
    else:
        if recipe:
            known = ("recipe", "out", "data_dir", "epoch_iterations", "weights", "devices", "tensorboard")
            refuse_others(context, known, "the recipe says it; change a copy of its JSON")
        run_folder.refuse_begun(out)  # before the data are read, which may take long
        chosen, splits = (
            (presets.open_recipe(recipe), None)
            if recipe
            else _recipe_from_options(
                {
                    "name": game,
                    "n_critic": n_critic,
                    "ema_decay": ema_decay or None,
                    "micro_batch": micro_batch,
                    "penalties": [part_of("--penalty", each) for each in penalty or ()] or None,
                    "views": [part_of("--view", each) for each in view or ()] or None,
                    "objective": part_of("--objective", objective) if objective else None,
                    "seed": seed,
                },
                {"name": data, "image_size": image_size, "resize": resize, "channels": channels},
                data_dir,
                labels,
                conditioning=conditioning,
                learning_rate=learning_rate,
                network=network,
                width=width,
                latent_dim=latent_dim,
                batch_size=batch_size,
                iterations=iterations,
                dtype_policy="mixed_bfloat16" if mixed_precision else "float32",
            )
        )
        model, received = training.start(
            chosen, out, data_dir, epoch_iterations, weights, splits, on_devices, tensorboard
        )
    done = model.generator_iterations
    if received is not None:
        options = given_again(context, ("devices", "tensorboard")) + imports_again()
        again = f"wgan-keras train --resume --out {shlex.quote(str(out))}{options}"
        typer.echo(f"Stopped after iteration {done}. Go on with: {again}")
        raise typer.Exit(128 + received)
    pictures = [str(out / name) for name in ("samples.png", "curves.png") if (out / name).exists()]
    typer.echo(f"Trained to iteration {done}. Look at {' and '.join(pictures)}.")


def _how_many(devices):
    if devices == "all":
        return devices
    if not devices.isdecimal() or int(devices) < 1:
        raise ValueError(f"--devices is {devices!r}; expected how many, as 2, or all.")
    return int(devices)


def _recipe_from_options(game, data, data_dir, labels, **fields):
    """(the standard recipe for the data, whose shape is read from it; both splits)."""
    from wgan_keras import data as datasets, recipes
    from wgan_keras.presets.usual import check_game

    if fields["conditioning"] is not None and not labels:
        raise ValueError(f"--conditioning is {fields['conditioning']!r} without labels; expected --labels beside it.")
    game = {k: v for k, v in game.items() if v is not None}
    check_game(game)
    spec, splits = read_data(data, data_dir, labels)
    fields["class_names"] = datasets.class_names(spec["name"], data_dir) if labels else None
    given = {k: v for k, v in fields.items() if v is not None}
    test_images = splits[1][0] if labels else splits[1]
    return recipes.standard(game, spec, test_images.shape[1:], **given), splits
