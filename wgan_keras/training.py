"""Training by a recipe in a folder: data, model, `fit`, and files from which it resumes exactly.

A run's folder holds
    config.json     the recipe
    run.json        where data and weights lie, an epoch's length and the sha256 of the data, see `run_folder`
    gan.keras       the checkpoint: networks, averaged generator, both optimizers, random state; written every epoch
    history.csv     the logs by iteration
    curves.png      the same as a picture
    samples/        the same latents drawn after every epoch; not of data that no picture shows, as points in space
    tensorboard/    the same for TensorBoard, with histograms; where it is asked for
    samples.png     64 samples of the model as it is now
    preset/         its generator that samples and its critic, see `wgan_keras.presets`
and, where the recipe says how to evaluate,
    scores.json     the scores by iteration, the best and the last
    best.keras      the checkpoint that scored best; samples.png and preset/ are then drawn from it
and, while a process trains there,
    .lock           which process that is; no other can train there meanwhile
"""

import contextlib
import dataclasses
import pathlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import keras

from wgan_keras import callbacks, data, plots, presets, run_folder, scoring
from wgan_keras._schema import Count, check_given
from wgan_keras._types import PathLike
from wgan_keras.callbacks.checkpoint import checkpoint_at
from wgan_keras.data import catalog
from wgan_keras.files.folders import hold
from wgan_keras.files.temporaries import remove_abandoned
from wgan_keras.models.loading import load_model
from wgan_keras.pipelines.shuffling import subsample
from wgan_keras.presets.recipe import Recipe, check_precision

_HELD_OUT = 2_048  # test images at most for the held-out estimates of each epoch
_LEAST = 100  # iterations of an epoch, unless told: what ends one takes as long as some ten


def start(
    recipe: Recipe,
    out: PathLike,
    data_dir: PathLike | None = None,
    epoch_iterations: int | None = None,
    weights: PathLike | None = None,
    splits: tuple[Any, Any] | None = None,
    on_devices: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext,
    tensorboard: bool = False,
) -> tuple[keras.Model, int | None]:
    """Trains a new model by `recipe` in the folder `out`, to the recipe's last iteration or to a signal.

    A folder of pictures is kept by its whole path, so that the run goes on from any working directory.

    Args:
        epoch_iterations: between checkpoints, where the recipe does not evaluate; None: a pass over the data, or 100.
        weights: of the extractor "inception" or "inception2015", a file, where the recipe evaluates by it.
        splits: (train, test), the recipe's data if they were read already, by `data.load_splits`, with labels for a
            conditional game; None: they are read.
        on_devices: gives the scope under which the model is made, for several devices: that of `backend.devices`.
        tensorboard: whether to write for TensorBoard too, to the folder `tensorboard` in `out`.

    Returns:
        (the model as it is at the end, the number of the signal that stopped it or None).

    Raises:
        FileExistsError: `out` holds a run with a checkpoint, a preset, a search, or files of something else that the
            run would overwrite.
        ValueError: the recipe says of no data; or of evaluations, which are then the length of an epoch; or of none,
            and weights were given for them; or of a layer in float64, which no preset has; `out` lies in the folder of
            pictures that is trained on, or they in a folder that the run writes to.
        RuntimeError: a loss is NaN.
        OSError: `out` cannot be written, or (`folders.InUseError`) another process trains there.
    """
    with _held(out) as out:
        return _start(recipe, out, data_dir, epoch_iterations, weights, splits, on_devices, tensorboard)


def _start(recipe, out, data_dir, epoch_iterations, weights, splits, on_devices, tensorboard):
    run_folder.refuse_begun(out)
    run_folder.refuse_files_of_others(out, recipe)
    if recipe.data is None:
        raise ValueError(
            "The recipe is of a model whose training is not known; give it data, batch_size and iterations to train "
            'by it, as {"data": {"name": "fashion_mnist"}, "batch_size": 64, "iterations": 20000}.'
        )
    check_given("epoch_iterations", epoch_iterations, Count)
    if recipe.evaluation is not None and epoch_iterations is not None:
        raise ValueError(
            f"epoch_iterations is {epoch_iterations}, but the recipe evaluates every {recipe.evaluation['every']} "
            "iterations, and its epochs end there; leave epoch_iterations out."
        )
    _refuse_unused(weights, recipe)
    scoring.check_evaluation(recipe)
    recipe = run_folder.with_data(recipe, catalog.absolute(recipe.data["name"]))
    catalog.refuse_within(out, recipe.data["name"], data_dir, run_folder.FOLDERS)
    train, test, digest = _prepared(*(splits or _load(recipe, data_dir)))
    scoring.check_class_names(recipe, data_dir)
    with on_devices():
        model = recipe.compile(recipe.build())
    model.get_config()  # refuses a game that no checkpoint can hold
    check_precision(model)
    if recipe.evaluation is None:
        epoch_iterations = epoch_iterations or max(_LEAST, _pass_over(train, recipe, model))
    data_dir, weights = run_folder.whole_path(data_dir), run_folder.whole_path(weights)
    settings = run_folder.Settings(data_dir, epoch_iterations, weights, digest, held_out="subsample")
    return _record_and_train(model, recipe, out, train, test, settings, tensorboard)


def resume(
    out: PathLike,
    data_dir: PathLike | None = None,
    weights: PathLike | None = None,
    on_devices: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext,
    tensorboard: bool = False,
    data_name: PathLike | None = None,
) -> tuple[keras.Model, int | None]:
    """Goes on with the run in `out`, from its last checkpoint, as if it had never stopped.

    Args:
        data_dir, weights: where they lie now; None: where they lay.
        on_devices: as for `start`; it may be of more or fewer devices than before.
        tensorboard: as in `start`.
        data_name: the folder where the pictures lie now, of a run on a folder; None: where they lay. They must be the
            same pictures, by their sha256. The run keeps the new place, as it keeps those of `data_dir` and `weights`.

    Returns:
        As `start`.

    Raises:
        FileNotFoundError: there is no run in `out`, or no pictures where they are looked for.
        ValueError: its run.json is damaged, its data are not those it began with, or its checkpoint is not of its
            recipe; a `data_name` for data that are no folder.
        RuntimeError: a loss is NaN.
        OSError: it cannot be written, or (`folders.InUseError`) another process trains there.
    """
    out = pathlib.Path(out).expanduser()
    if not all((out / name).exists() for name in ("config.json", "run.json")):
        raise FileNotFoundError(f"There is no run in {out} to resume; leave --resume out to start one.")
    with _held(out) as out:
        return _resume(out, data_dir, weights, on_devices, tensorboard, data_name)


def _refuse_unused(weights, recipe):
    if recipe.evaluation is None and weights is not None:
        raise ValueError(f"weights is {str(weights)!r}, but the recipe has no evaluation to use them.")


def _resume(out, data_dir, weights, on_devices, tensorboard, data_name):
    recipe = run_folder.with_data_found(Recipe.load(out / "config.json"), out, data_name)
    settings = run_folder.read_settings(out)
    _refuse_unused(weights, recipe)
    if weights is not None and not pathlib.Path(weights).expanduser().is_file():
        raise FileNotFoundError(f"There are no weights {weights}; expected the file of the recipe's extractor.")
    data_dir = run_folder.whole_path(data_dir) or settings.data_dir
    weights = run_folder.whole_path(weights) or settings.weights
    choose = _first if settings.held_out is None else subsample
    train, test, digest = _prepared(*_load(recipe, data_dir), choose)
    run_folder.check_same_data(out, settings.data_sha256, digest)
    scoring.check_class_names(recipe, data_dir)
    keras.config.set_dtype_policy(recipe.dtype_policy)
    # A run stopped before its first checkpoint begins again.
    begun = (out / "gan.keras").exists()
    with on_devices():
        model = _checkpoint(out / "gan.keras", recipe) if begun else recipe.compile(recipe.build())
    check_precision(model)
    if (done := model.generator_iterations) >= recipe.iterations:
        print(f"Nothing is left to train: the run is at iteration {done}, the last of its recipe.")
    settings = dataclasses.replace(settings, data_dir=data_dir, weights=weights)
    return _record_and_train(model, recipe, out, train, test, settings, tensorboard)


def _record_and_train(model, recipe, out, train, test, settings, tensorboard):
    """Writes what the run can be resumed by, and trains."""
    run_folder.write_settings(out, settings)
    recipe.save(out / "config.json")
    scoring_callbacks = _evaluation(recipe, out, settings.data_dir, settings.weights)
    epoch_iterations = settings.epoch_iterations or _pass_over(train, recipe, model)
    board = _board(recipe, out, test, tensorboard)
    return _train(model, recipe, out, train, test, [*scoring_callbacks, *board], epoch_iterations)


@contextlib.contextmanager
def _held(out):
    """Holds the folder of a run and yields its path; what killed processes left half written in it is removed."""
    out = pathlib.Path(out).expanduser()
    with hold(out):
        for folder in ("samples", "preset"):
            remove_abandoned(out / folder)
        yield out


def _checkpoint(path, recipe):
    """The model at `path`; ValueError if it is not of the recipe."""
    model = load_model(path)
    other = recipe.differs_from(model)
    if other:
        raise ValueError(
            f"{path} is of a run with another {', '.join(other)} than {path.with_name('config.json')} says; put the "
            "one back that belongs to the other, or start another run."
        )
    return model


def _load(recipe, data_dir):
    train, test, _ = data.load_splits(**recipe.data, data_dir=data_dir, labels=recipe.takes_labels)
    return train, test


def _prepared(train, test, choose=subsample):
    """The training data, those held out for the estimates of each epoch, scaled, and the sha256 of all.

    Args:
        choose: (how many there are, at most) -> the rows of the test data that are held out.
    """
    digest = data.sha256(*keras.tree.flatten((train, test)))
    images, *labels = test if isinstance(test, tuple) else (test,)
    rows = choose(len(images), _HELD_OUT)
    held_out = data.scale(images[rows])
    return train, (held_out, labels[0][rows]) if labels else held_out, digest


def _first(n, most):
    return slice(most)


def _pass_over(train, recipe, model):
    """The iterations in which the training data are seen once, or 1; an epoch's length where run.json says none."""
    return max(1, len(keras.tree.flatten(train)[0]) // (recipe.batch_size * model.n_critic))


def _evaluation(recipe, out, data_dir, weights):
    """Callbacks that score the model and keep the best, if the recipe asks for it."""
    if recipe.evaluation is None:
        return []
    options = {"data_name": recipe.data["name"], "data_dir": data_dir, **recipe.data_options}
    path = out / "scores.json"
    evaluate = callbacks.Evaluate(recipe.evaluation["protocol"], path=path, weights=weights, **options)
    return [evaluate, callbacks.KeepBest(evaluate, out / "best.keras")]


def _board(recipe, out, test, wanted):
    """The callback that writes for TensorBoard, if it is wanted; behind those that log scores."""
    return [callbacks.TensorBoard(out / "tensorboard", test, seed=recipe.seed)] if wanted else []


def _train(model, recipe, out, train, test, scoring_callbacks, epoch_iterations):
    """Fits to the recipe's last iteration or to a signal; returns (model, the signal's number or None).

    An epoch here is the generator iterations between two evaluations of the recipe; where it has none,
    `epoch_iterations`. After each the held-out estimates, the scores, the history, the samples and the checkpoint are
    written.
    """
    stop = callbacks.StopOnSignal()
    length = epoch_iterations if recipe.evaluation is None else recipe.evaluation["every"]
    done = model.generator_iterations
    sheets, held_out = _sheets(model, recipe, out), _enough(test, model)
    try:
        # An epoch that was cut short is finished first, so that epochs end at the iterations where they always do.
        while done < recipe.iterations and stop.received is None:
            batches = data.stream(
                train, recipe.batch_size, recipe.seed, first_batch=int(model.critic_optimizer.iterations.numpy())
            )
            epoch, into = divmod(done, length)
            model.fit(
                batches,
                initial_epoch=epoch,
                epochs=epoch + 1 if into else -(-recipe.iterations // length),
                steps_per_epoch=min(length, recipe.iterations) - into,
                validation_data=held_out,
                validation_batch_size=model.micro_batch or 256,
                callbacks=[
                    stop,
                    callbacks.StopAtIteration(recipe.iterations),
                    *scoring_callbacks,
                    callbacks.IterationHistory(out / "history.csv", out / "curves.png"),
                    *sheets,
                    # Raises before the next checkpoint, so that the last one is sound.
                    keras.callbacks.TerminateOnNaN(raise_error=True),
                    checkpoint_at(out / "gan.keras"),
                ],
            )
            if model.generator_iterations == done and stop.received is None:
                raise RuntimeError(
                    f"Keras made no step after iteration {done} of {recipe.iterations}. If KERAS_MAX_EPOCHS is set, "
                    "unset it: a recipe says how long it trains."
                )
            done = model.generator_iterations
    finally:
        stop.restore()
    _write_best(model, recipe, out, drawn=bool(sheets))
    return model, stop.received


def _enough(held_out, model):
    """The held-out data; None, and a line that says so, of fewer than the game's losses are made of."""
    count = len(keras.tree.flatten(held_out)[0])
    if count >= model.least_batch:
        return held_out
    print(f"There are no held-out losses: {count} held out, and they compare {model.least_batch} images at least.")
    return None


def _sheets(model, recipe, out):
    """The callback that draws the samples of every epoch; none, and a line that says so, of what no picture shows."""
    try:
        plots.check_sample_shape(model.sampler.output_shape[1:])
    except ValueError as error:
        print(f"There are no sample grids: {error}.")
        return []
    return [callbacks.SampleGrid(out / "samples", seed=recipe.seed)]


def _write_best(model, recipe, out, drawn):
    """Samples and the preset of the best state; a run stopped before its first evaluation has none but the last."""
    best = load_model(out / "best.keras") if (out / "best.keras").exists() else model
    if drawn:
        plots.save_png(plots.sample_sheet(best, 64, recipe.seed), out / "samples.png")
    presets.save(best, recipe, out / "preset")
