"""Scores of a model under a named protocol, against a reference of real images."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from wgan_keras import data, metrics
from wgan_keras._progress import Progress, silent
from wgan_keras._types import PathLike
from wgan_keras.data import catalog
from wgan_keras.feature_cache import kept_or_made
from wgan_keras.metrics.extractors import check_shape
from wgan_keras.pipelines.classes import renumbered
from wgan_keras.pipelines.pixels import Channels, ImageSize, Resize, centered
from wgan_keras.presets.recipe import Recipe

FASHION_MNIST = "fashion_mnist"
FASHION_MNIST_PROTOCOL = "fid_fashion_mnist_classifier_10k"
_USUAL = 200
OF_OWN_PICTURES = f"kid_pixels_{_USUAL} for pictures (of at most as many as are held out, a tenth of a folder)"
_BATCH = 256  # samples made or read at once


def reference(
    protocol: str,
    data_name: PathLike | None = None,
    data_dir: PathLike | None = None,
    image_size: ImageSize | None = None,
    weights: PathLike | None = None,
    progress: Progress = silent,
    resize: Resize = "crop",
    channels: Channels | None = None,
    sample_shape: Sequence[int | None] | None = None,
) -> metrics.Evaluation:
    """The `metrics.Evaluation` of a protocol on a data set of `wgan_keras.data`, its features from the cache.

    Args:
        protocol: a name such as "fid_fashion_mnist_classifier_10k".
        data_name, data_dir, image_size, resize, channels: as in `wgan_keras.data.load`; no name is needed where the
            extractor or the mixture belongs to one data set.
        weights: of the extractor "inception" or "inception2015", a file.
        sample_shape: of the samples that are to be scored, where it is known: what the extractor does not take is then
            refused before the data are read.
        progress: wraps the batches of images while features are made, as `tqdm.tqdm(batches, total=how_many)`.

    Features, and what real images score, are kept in `~/.cache/wgan_keras`, under the sha256 of the images, the
    extractor's card, the protocol and the sources of `wgan_keras.metrics` and of your own metrics and extractor. Where
    these cannot be read, as in a notebook, nothing is kept; where the cache cannot be written, a warning says so.
    """
    protocol = metrics.parse_protocol(protocol)
    data_name = data_name or protocol.mixture or getattr(metrics.EXTRACTORS[protocol.extractor], "data", None)
    if data_name is None:
        raise ValueError(
            f"{protocol.name} does not say which data it is about; name them or their folder: --data (in Python "
            "data_name=)."
        )
    _check_classifier(protocol, str(data_name))
    form = {"image_size": image_size, "resize": resize, "channels": channels}
    extractor = metrics.load_extractor(protocol.extractor, weights)
    if sample_shape is not None:
        check_shape((None, *sample_shape), extractor.image_shape, extractor.name)
    images, labels = _load(protocol, data_name, data_dir, form)
    class_names = data.class_names(data_name, data_dir) if protocol.needs_labels else None
    evaluation = kept_or_made(protocol, extractor, images, labels, str(data_name), class_names, progress)
    evaluation.sample_shape = images["train"].shape[1:]
    return evaluation


def default_protocol(recipe: Recipe) -> str:
    """The protocol that a recipe evaluates by, or the one that goes with its data.

    Raises:
        ValueError: there is none for these data, or the recipe names no data.
    """
    if recipe.data is None:
        raise ValueError(
            "The recipe is of a model whose training is not known: it names no data to search on or to score by."
        )
    return recipe.evaluation["protocol"] if recipe.evaluation else protocol_of_data(recipe.data["name"])


def protocol_of_data(name: str) -> str:
    """The protocol that goes with a data set.

    Raises:
        ValueError: there is none.
    """
    if name == FASHION_MNIST:
        return FASHION_MNIST_PROTOCOL
    raise ValueError(
        f"Which score is to judge samples of {name}? Name a protocol (--protocol, in Python protocol=), "
        f"such as {_of_pictures(name)}, or w1_pixels_2048 for points."
    )


def _of_pictures(name):
    held_out = catalog.held_out_pictures(name)
    fewer = f"kid_pixels_{held_out} for pictures, as {held_out} are held out"
    return fewer if 1 < held_out < _USUAL else OF_OWN_PICTURES


def check_evaluation(recipe: Recipe) -> None:
    """A recipe's evaluation has a protocol that goes with its data and says which state is better.

    Raises:
        ValueError: it has not, or it is about labels and the recipe's game takes none.
    """
    if recipe.evaluation is None:
        return
    assert recipe.data is not None  # or it would have no evaluation
    protocol = metrics.parse_protocol(recipe.evaluation["protocol"])
    check_labels_taken(protocol, recipe.is_conditional)
    if protocol.mixture not in (None, recipe.data["name"]):
        raise ValueError(f"evaluation 'protocol' is {protocol.name!r}, but the data are {recipe.data['name']!r}.")
    if not protocol.has_best:
        raise ValueError(
            f"evaluation 'protocol' is {protocol.name!r}, which does not say which of two states is better (of "
            "memorization_... it would be the one that copies most); expected one that measures quality, such as "
            "fid_... or all_..."
        )


def check_class_names(recipe: Recipe, data_dir: PathLike | None = None) -> None:
    """A recipe's `class_names` number the classes as its data do; names that the data have not may stand for any.

    Raises:
        ValueError: a name of the data stands for another number.
    """
    names = recipe.game.get("class_names")
    if names is None or recipe.data is None:
        return
    own = data.class_names(recipe.data["name"], data_dir)
    for number, name in enumerate(names):
        if name in own and own.index(name) != number:
            raise ValueError(
                f"The recipe's class_names have {name!r} as number {number}, and the data {recipe.data['name']!r} have "
                f"it as {own.index(name)}; put the names in the order of the data's labels, or leave class_names out."
            )


def check_labels_taken(protocol: metrics.Protocol, takes_labels: bool) -> None:
    """ValueError if a protocol is about the classes that samples are asked for, and a generator takes no labels."""
    if protocol.needs_labels and not takes_labels:
        raise ValueError(
            f"{protocol.name} scores samples by the class they were asked for, and this game's generator takes no "
            "labels; train a conditional one (--labels), or choose another protocol, such as fid_... or all_..."
        )


def evaluate(model: Any, evaluation: metrics.Evaluation, seed: int = 0, progress: Progress = silent) -> metrics.Report:
    """The `metrics.Report` of as many samples of a model as the protocol asks for; one seed, one report.

    Under a protocol of labels they are asked for the classes of the real images, one by one; see `labels_for`.

    Samples in [0, 1], of a generator that ends in a sigmoid, are scored against data of a name in [-1, 1], as those
    are. Against arrays they are scored as they come.

    Raises:
        ValueError: such a protocol, and a model whose generator takes no labels or lacks one of these classes.
    """
    count, labels = evaluation.protocol.count, labels_for(model, evaluation)
    asked = {} if labels is None else {"labels": labels}
    at_once = min(getattr(model, "micro_batch", None) or _BATCH, _BATCH)  # samples are the same by any number
    batches = model.sample_batches(count, seed, batch_size=at_once, **asked)
    batches = (as_real(batch, model, evaluation) for batch in batches)
    return evaluation.report(progress(batches, total=-(-count // at_once)), evaluation.labels)


def as_real(samples: np.ndarray, model: Any, evaluation: metrics.Evaluation) -> np.ndarray:
    """Samples of a model in the range of an evaluation's real images, which is [-1, 1] of data of a name.

    Of arrays it is not known.
    """
    named = "name" in (evaluation.data or ())
    return centered(samples, getattr(model, "black", -1.0)) if named else samples


def labels_for(model: Any, evaluation: metrics.Evaluation) -> np.ndarray | None:
    """The classes of an evaluation's real images by the numbers that a model gives to their names.

    One class has different numbers in different sets: "Flags" is 9 in "emoji" and 8 in "emoji_families". Where the
    model or the data have no names, the numbers are the data's.

    Returns:
        (count,), or None where the protocol asks for no labels.

    Raises:
        ValueError: a model whose generator takes no labels, or that lacks one of the classes.
    """
    if evaluation.labels is None:
        return None
    check_labels_taken(evaluation.protocol, model.takes_labels)
    return renumbered(evaluation.labels, evaluation.class_names, model.class_names)


def _check_classifier(protocol, data_name):
    """ValueError if labels of the data are to be found by a classifier of other data's classes."""
    own = metrics.EXTRACTORS[protocol.extractor].data
    of_classes = any(metrics.METRICS[name].needs_probabilities for name in protocol.metrics)
    if protocol.needs_labels and of_classes and own not in (None, data_name):
        raise ValueError(
            f"{protocol.name} finds classes by a classifier of {own}, and the data are {data_name!r}; take "
            "intra_fid_..., or an extractor of the data's own classes."
        )


def _load(protocol, data_name, data_dir, form):
    """({split: images}, {split: labels}), the labels where the protocol needs them."""
    options = {**form, "labels": True} if protocol.needs_labels else form
    splits = {split: data.load_raw(data_name, split, data_dir, **options) for split in data.SPLITS}
    if not protocol.needs_labels:
        return splits, {}
    return ({split: pair[i] for split, pair in splits.items()} for i in range(2))


def evaluate_samples(
    samples: data.Samples, evaluation: metrics.Evaluation, seed: int = 0, progress: Progress = silent
) -> metrics.Report:
    """The `metrics.Report` of samples of any program; by `seed` their order, and which, if more than it asks for."""
    assert evaluation.sample_shape is not None  # `reference` knows it
    read = samples.read(evaluation.sample_shape, evaluation.protocol.count, seed)
    order = np.random.default_rng(seed).permutation(len(read))  # classes may be stored in turn
    starts = range(0, len(read), _BATCH)
    batches = (read[order[i : i + _BATCH]] for i in starts)
    return evaluation.report(map(data.scale, progress(batches, total=len(starts))))
