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
        str, typer.Option(help="Metric, extractor, sample count; see `wgan-keras list protocols`.")
    ] = "fid_fashion_mnist_classifier_10k",
    data: Annotated[str | None, typer.Option(help="The real data, where the protocol does not say.")] = None,
    data_dir: Annotated[pathlib.Path | None, typer.Option(help="Where a named data set lies.", **paths.READ)] = None,
    image_size: Annotated[Any, typer.Option(help="For a folder of pictures or tfds.", **IMAGE_SIZE)] = None,
    resize: Annotated[str, typer.Option(help="For them: 'crop', 'pad' or 'stretch'.")] = "crop",
    channels: Annotated[int | None, typer.Option(help="For them: 1 for gray, 3 for color.")] = None,
    weights: Annotated[
        pathlib.Path | None,
        typer.Option(help="The file of the extractor 'inception' or 'inception2015'.", **paths.READ),
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
    opened: Any = Samples(str(samples)) if model is None else opening.open_model(model)
    scoring.check_labels_taken(metrics.parse_protocol(protocol), model is not None and opened.takes_labels)
    form: dict[str, Any] = {"resize": resize, "channels": channels}  # checked where the data are read
    evaluation = scoring.reference(protocol, data, data_dir, image_size, weights, tqdm, **form)
    score = scoring.evaluate_samples if model is None else scoring.evaluate
    report = score(opened, evaluation, seed, progress=tqdm)
    source = {"samples": str(samples)} if model is None else {"model": model}
    try:  # the file first, whatever becomes of the output; and the table, whatever becomes of the file
        if json_path is not None:
            write_json(json_path, {**source, "seed": seed, **report.to_dict()})
    finally:
        typer.echo(report.table())
