"""`wgan-keras evaluate`."""

import pathlib
from typing import Annotated, Any

import typer

from wgan_keras.cli import paths
from wgan_keras.cli.options import IMAGE_SIZE, MODEL
from wgan_keras.runtime import startup


def evaluate(
    model: Annotated[str | None, typer.Argument(help=f"{MODEL} Or none, with --samples.")] = None,
    samples: Annotated[
        pathlib.Path | None,
        typer.Option(
            help="Samples of any program instead: a folder of pictures, or an array in an .npz or .npy.", **paths.READ
        ),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            help="Metric, extractor, sample count; see `wgan-keras list protocols`. Default: the one that the model "
            "was evaluated by in training, or that goes with its data."
        ),
    ] = None,
    data: Annotated[
        str | None, typer.Option(help="The real data; default: those that the model was trained on, read as then.")
    ] = None,
    data_dir: Annotated[pathlib.Path | None, typer.Option(help="Where a named data set lies.", **paths.READ)] = None,
    image_size: Annotated[Any, typer.Option(help="For a folder of pictures or tfds.", **IMAGE_SIZE)] = None,
    resize: Annotated[str | None, typer.Option(help="For them: 'crop' (default), 'pad' or 'stretch'.")] = None,
    channels: Annotated[int | None, typer.Option(help="For them: 1 for gray, 3 for color.")] = None,
    weights: Annotated[
        pathlib.Path | None,
        typer.Option(help="The file of the extractor 'inception', 'inception2015' or one of your own.", **paths.READ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the samples; one seed, one score.")] = 0,
    json_path: Annotated[
        pathlib.Path | None, typer.Option("--json", help="Write the report there too.", **paths.FILE)
    ] = None,
):
    """Score samples of a trained model, or of any program, under a named protocol, beside what real images score.

    Reads the model or the samples, and the data; prints a table and writes --json. Features of the real images are kept
    in ~/.cache/wgan_keras for the next time. All metrics on 10,000 images at 28x28 take under a minute on two cores.
    """
    if (model is None) == (samples is None):
        raise typer.BadParameter("Give a model, or --samples, and not both.")
    startup.load_keras()
    from tqdm import tqdm

    from wgan_keras import metrics, scoring
    from wgan_keras._schema import Seed, check
    from wgan_keras.data import Samples
    from wgan_keras.files.saving import write_json
    from wgan_keras.samples import opening

    check("seed", seed, Seed)

    # First: a name mistyped need not wait for the features of the data.
    asked = {"data_name": data, "data_dir": data_dir, "image_size": image_size, "resize": resize, "channels": channels}
    given = {option: value for option, value in asked.items() if value is not None}
    if model is None:
        opened: Any = Samples(str(samples))
        score, shape = scoring.evaluate_samples, None
        protocol = protocol or scoring.protocol_of_data(data or scoring.FASHION_MNIST)
    else:
        opened, recipe = opening.open_model(model), opening.open_recipe(model)
        score, shape = scoring.evaluate, opened.generator.output_shape[1:]
        protocol = protocol or _usual_protocol(model, recipe, shape, data)
        parsed, run = metrics.parse_protocol(protocol), _run_of(model)
        given = _read_as_in_training(given, run, recipe, parsed)
        weights = weights or _weights_in_training(run, recipe, parsed)
    scoring.check_labels_taken(metrics.parse_protocol(protocol), model is not None and opened.takes_labels)
    evaluation = scoring.reference(protocol, weights=weights, progress=tqdm, sample_shape=shape, **given)
    report = score(opened, evaluation, seed, progress=tqdm)
    source = {"samples": str(samples)} if model is None else {"model": model}
    try:  # the file first, whatever becomes of the output; and the table, whatever becomes of the file
        if json_path is not None:
            write_json(json_path, {**source, "seed": seed, **report.to_dict()})
    finally:
        typer.echo(report.table())


def _usual_protocol(model, recipe, sample_shape, data):
    """That of the recipe or of other data; without either Fashion-MNIST's, where samples are of its shape."""
    from wgan_keras import scoring
    from wgan_keras.metrics.classifier import IMAGE_SHAPE

    if recipe is not None and (recipe.evaluation or data in (None, recipe.data["name"])):
        return scoring.default_protocol(recipe)
    if data is not None:
        return scoring.protocol_of_data(data)
    if sample_shape != IMAGE_SHAPE:
        raise ValueError(
            f"{model} does not say which data it was trained on, and its samples have the shape {sample_shape}; name "
            f"--protocol and --data DIR, such as {scoring.OF_OWN_PICTURES}."
        )
    return scoring.FASHION_MNIST_PROTOCOL


def _read_as_in_training(given, run, recipe, protocol):
    """How `scoring.reference` is to read the data: as `given`, else as the recipe reads those it is about."""
    from wgan_keras import run_folder

    other = given.get("data_name") or protocol.mixture
    if recipe is None or not (other in (None, recipe.data["name"]) or _are_folders(other, recipe.data["name"])):
        return given
    if run is not None and other is None:
        recipe = run_folder.with_data_found(recipe, run, None)
    data_dir = {} if run is None else {"data_dir": run_folder.read_settings(run).data_dir}
    return {"data_name": recipe.data["name"], **data_dir, **recipe.data_options, **given}


def _weights_in_training(run, recipe, protocol):
    """The file of weights that the run was scored by, where that was by the protocol's extractor."""
    from wgan_keras import metrics, run_folder

    takes_one = getattr(metrics.EXTRACTORS[protocol.extractor], "takes_weights", False)
    if not takes_one or run is None or recipe is None or not recipe.evaluation:
        return None
    try:
        by = metrics.parse_protocol(recipe.evaluation["protocol"]).extractor
    except ValueError:  # by parts of the user's own, which are not imported
        return None
    return run_folder.read_settings(run).weights if by == protocol.extractor else None


def _are_folders(*names):
    from wgan_keras.data import catalog

    return all(catalog.is_folder(name) for name in names)


def _run_of(model):
    """The folder of the run that a model or preset was written by, None of other presets."""
    from wgan_keras import run_folder
    from wgan_keras.presets import store

    path = pathlib.Path(model).expanduser()
    within = path.suffix == ".keras" or path.name in run_folder.FOLDERS
    settings = store.in_run(path.parent if within else model, run_folder.SETTINGS)
    return settings and settings.parent
