"""`wgan-keras tune`."""

import dataclasses
import pathlib
import shlex
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from wgan_keras._schema import Range, check
from wgan_keras.cli import paths
from wgan_keras.cli.options import IMAGE_SIZE, given_again, imports_again, read_data, refuse_others
from wgan_keras.files.folders import LOCK, hold
from wgan_keras.runtime import output, startup

_NOT_KEPT = ("workers", "to_preset", "tensorboard")  # in search.json
_Workers = Annotated[int, Range(at_least=1, at_most=1_024)]


class Tuner(StrEnum):
    random = "random"
    hyperband = "hyperband"
    bayesian = "bayesian"


class At(StrEnum):
    best = "best"
    end = "end"


@output.may_fail()
def tune(
    context: typer.Context,
    recipe: Annotated[
        str | None,
        typer.Argument(help="A recipe (JSON), run or preset, or a game with --data; default: that of --out."),
    ] = None,
    out: Annotated[pathlib.Path, typer.Option(help="The search's folder.", **paths.FOLDER)] = pathlib.Path(
        "runs/search"
    ),
    data: Annotated[
        str | None,
        typer.Option(
            help="With a game: its data, by name; a folder of pictures; or tfds:NAME. Without a recipe: where that "
            "folder lies now."
        ),
    ] = None,
    image_size: Annotated[Any, typer.Option(help="For a folder of pictures or tfds.", **IMAGE_SIZE)] = None,
    resize: Annotated[str, typer.Option(help="For them: 'crop', 'pad' or 'stretch'.")] = "crop",
    channels: Annotated[int | None, typer.Option(help="For them: 1 for gray, 3 for color.")] = None,
    data_dir: Annotated[pathlib.Path | None, typer.Option(help="Where a named data set lies.", **paths.READ)] = None,
    space: Annotated[
        pathlib.Path | None,
        typer.Option(help="Ranges (JSON), see docs/tune.py; default: Are GANs Created Equal?'s.", **paths.READ),
    ] = None,
    tuner: Annotated[Tuner, typer.Option(help="How trials are chosen.")] = Tuner.random,
    trials: Annotated[int | None, typer.Option(help="How many; default 20, or as --hours allow.")] = None,
    iterations: Annotated[int, typer.Option(help="Generator iterations of a trial, n_critic critic updates each.")] = (
        1_000
    ),
    epoch_iterations: Annotated[
        int | None, typer.Option(help="Iterations between evaluations; default: a fifth of a trial.")
    ] = None,
    hours: Annotated[
        float | None, typer.Option(help="No trial begins once the finished ones took so many together.")
    ] = None,
    protocol: Annotated[str | None, typer.Option(help="How samples are scored; default: as the data are.")] = None,
    objective: Annotated[str | None, typer.Option(help="A score of the protocol; default: its first, val_fid.")] = None,
    weights: Annotated[
        pathlib.Path | None,
        typer.Option(help="The file of the extractor 'inception', 'inception2015' or one of your own.", **paths.READ),
    ] = None,
    at: Annotated[At, typer.Option(help="The score at its best in training, or at the end.")] = At.best,
    workers: Annotated[int, typer.Option(help="Processes that train at once on this machine.")] = 1,
    seed: Annotated[int, typer.Option(help="Of the draws of hyperparameters and of the samples scored.")] = 0,
    to_preset: Annotated[
        pathlib.Path | None,
        typer.Option(help="Also write the winner's recipe, DIR/config.json.", **paths.FOLDER),
    ] = None,
    tensorboard: Annotated[
        bool,
        typer.Option("--tensorboard", help="Also write the trials as HParams: tensorboard --logdir OUT/tensorboard."),
    ] = False,
):
    """Search for hyperparameters that score best.

    Reads the recipe and its data; writes search.json, a folder a trial, trials.csv, report.html and its pictures to
    --out. Killed at any moment, it goes on by the same command, or by `wgan-keras tune --out DIR`. A trial costs what
    training costs, and some seconds an evaluation. For several machines see docs/tune.py.
    """
    startup.load_keras()
    from wgan_keras import scoring
    from wgan_keras.run_folder import whole_path
    from wgan_keras.tuning import results, workers as local
    from wgan_keras.tuning.search import MAY_CHANGE, Search
    from wgan_keras.tuning.space import default_space, load_space

    check("workers", workers, _Workers)
    local.check_count(workers)
    data_folder, weights_file = whole_path(data_dir), whole_path(weights)
    if recipe is None:
        known = ("out", "data", *_NOT_KEPT, *MAY_CHANGE)
        refuse_others(context, known, "without a recipe the search in --out goes on as it was begun")
        changed: dict[str, Any] = {"trials": trials, "hours": hours, "data_dir": data_folder, "weights": weights_file}
        begun = Search.load(out).with_data_found(out, data)
        search = dataclasses.replace(begun, **{k: v for k, v in changed.items() if v is not None})
    else:
        form = {"image_size": image_size, "resize": resize, "channels": channels}
        start = open_recipe(recipe, {"name": data, **form}, data_folder)
        search = Search(
            start,
            load_space(space) if space else default_space(start),
            protocol or scoring.default_protocol(start),
            objective,
            at.value,
            tuner.value,
            iterations,
            epoch_iterations,
            trials,
            hours,
            seed,
            data_folder,
            weights_file,
        )
    if to_preset is not None:
        refuse_what_has_weights(to_preset)
    with local.held(out):
        search.save(out)
        try:
            local.run_saved(search, out, workers)
        except KeyboardInterrupt:
            options = given_again(context, _NOT_KEPT) + imports_again()
            again = f"wgan-keras tune --out {shlex.quote(str(out))}{options}"
            typer.echo(f"Stopped. Go on with: {again}", err=True)
            sys.exit(130)
        if local.is_elsewhere():
            return  # the report is the chief's
        from wgan_keras.tuning import report  # not before: matplotlib and scikit-learn take their time

        best = report.write(out)
        if tensorboard:
            from wgan_keras.tuning import hparams

            hparams.write(out)
    if fewer := results.fewer(search, results.read(out)):
        typer.echo(fewer)
    name = search.goal.name
    outcome = f"Best: trial {best['trial']}, {name} {best[name]:.4g}." if best else "No trial came to its end."
    typer.echo(f"{outcome} Look at {out / 'report.html'}.")
    if to_preset is not None:
        with hold(to_preset):
            refuse_what_has_weights(to_preset)  # that came meanwhile
            results.winner(out).save(to_preset / "config.json")
        typer.echo(f"Wrote the winner's recipe to {to_preset / 'config.json'}.")


def refuse_what_has_weights(folder):
    """FileExistsError if the folder's config.json is no recipe, or that of a run or preset."""
    from wgan_keras.presets.recipe import is_recipe

    if (folder / "config.json").exists() and not is_recipe(folder / "config.json"):
        raise FileExistsError(f"{folder / 'config.json'} is of something else than a recipe; choose another folder.")
    others = [path.name for path in folder.glob("*") if path.name not in ("config.json", LOCK)]
    if others and (folder / "config.json").exists():
        raise FileExistsError(
            f"{folder} has a config.json that goes with {', '.join(sorted(others)[:3])}; the winner's would take its "
            "place. Choose another folder."
        )


def open_recipe(name, data, data_dir=None):
    """The recipe a search starts from: the standard one of a game on `data`, or as `presets.open_recipe` has it.

    Args:
        data: {"name" and how it is read}, as options say it; its name is None where none is given.

    Raises:
        FileNotFoundError, ValueError: none of these, a game without data, or data for what names its own.
    """
    from wgan_keras import presets, recipes
    from wgan_keras.games import GAMES

    given = recipes.data_spec(**data)
    if name not in GAMES:
        if given == {"name": None}:
            return presets.open_recipe(name)
        raise ValueError(f"--data and how it is read go with a game ({', '.join(GAMES)}); {name!r} names its own data.")
    if data["name"] is None:
        raise ValueError(f"{name!r} is a game; name the data it is to learn, as --data fashion_mnist.")
    spec, (_, test) = read_data(data, data_dir)
    return recipes.standard({"name": name, "ema_decay": 0.999, "seed": 0}, spec, test.shape[1:])
