"""The reference of a protocol, whose features are made once and kept in the cache's folder.

A file is named by the sha256 of all that its features come from: the images, the extractor's card, the protocol, the
sources of `wgan_keras.metrics` and those of the user's own metrics and extractor.
"""

import contextlib
import functools
import hashlib
import inspect
import json
import pathlib
import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from wgan_keras import data, divergences, metrics
from wgan_keras._progress import Progress
from wgan_keras.files.archives import DAMAGE
from wgan_keras.files.cache import cache_folder
from wgan_keras.files.saving import NotWrittenError, whole_file
from wgan_keras.files.temporaries import DAY, remove_abandoned
from wgan_keras.metrics.evaluation import extract
from wgan_keras.metrics.extractors import comparable

_BATCH = 256  # images extracted at once


def kept_or_made(
    protocol: metrics.Protocol,
    extractor: metrics.Extractor,
    images: Mapping[str, np.ndarray],
    labels: Mapping[str, np.ndarray],
    data_name: str,
    class_names: Sequence[str] | None,
    progress: Progress,
) -> metrics.Evaluation:
    """The `metrics.Evaluation` of a protocol, its features from the cache or made and kept there.

    Where the cache cannot be written, a warning says so.

    Args:
        images: {split: images as they are read}.
        labels: {split: class numbers}, where the protocol needs them.
        progress: wraps the batches of images while features are made.
    """
    drawn = protocol.drawn_splits({split: len(each) for split, each in images.items()})
    arrays = [*images.values(), *labels.values()]
    known = {"name": data_name, "sha256": data.sha256(*arrays)}
    evaluation_of = functools.partial(_evaluation, protocol, extractor, drawn, known, class_names)
    path = _path(protocol, extractor, arrays, known["sha256"])
    kept = None if path is None else _read(path)
    if kept is not None:
        with contextlib.suppress(KeyError, ValueError, TypeError, AttributeError, IndexError):  # else made again
            return evaluation_of(kept)
    extract_images = functools.partial(_extract_images, protocol, extractor, class_names, progress)
    features = _features(protocol, extract_images, images, labels, drawn)
    evaluation = evaluation_of(features)
    if path is not None:
        _keep(path, features, evaluation)
    return evaluation


def _path(protocol, extractor, arrays, images_sha256):
    """The file in the cache; None where nothing is kept, as it could not be told when that is stale."""
    sources = _sources_sha256(protocol)
    if sources is None:
        return None
    forms = [(array.shape, array.dtype.str) for array in arrays]  # which say where each ends
    of = (sources, forms, images_sha256, sorted(comparable(extractor.card).items()), protocol)
    key = hashlib.sha256(repr(of).encode()).hexdigest()
    return cache_folder() / f"{protocol.name}_{key[:16]}.npz"


def _read(path):
    """What the cache keeps in a file; None if it is not there or not whole."""
    try:
        with np.load(path) as file:
            return dict(file)
    except (*DAMAGE, KeyError):
        return None


def _keep(path, features, evaluation):
    remove_abandoned(path.parent, DAY)
    try:
        with whole_file(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, real=json.dumps(evaluation.real_values), **features)
    except NotWrittenError as error:
        name = evaluation.data["name"]
        warnings.warn(f"The features of {name} will be made again next time: {error}", stacklevel=4)


def _evaluation(protocol, extractor, drawn, known, class_names, kept):
    """From what the cache keeps: features, probabilities and labels if any, and the floor once it is known."""
    splits = (_extracted(kept, split) if split in drawn else None for split in data.SPLITS)
    evaluation = metrics.Evaluation(protocol, extractor, *splits, kept.get("all_train"), known, class_names)
    if "real" in kept:
        evaluation.real_values = json.loads(str(kept["real"]))
    return evaluation


def _extracted(kept, split):
    return metrics.Extracted(kept[split], *(kept.get(f"{split}_{part}") for part in ("probabilities", "labels")))


def _features(protocol, extract_images, images, labels, drawn):
    """What the cache keeps of the splits that are drawn."""
    found = {f"{split}_labels": protocol.draw(each) for split, each in labels.items() if split in drawn}
    for split in drawn:
        extracted = extract_images(protocol.draw(images[split]))
        found[split] = extracted.features
        if extracted.probabilities is not None:
            found[f"{split}_probabilities"] = extracted.probabilities
    if protocol.needs_training_images:
        found["all_train"] = extract_images(images["train"]).features
    return found


def _extract_images(protocol, extractor, class_names, progress, images):
    batches = [images[i : i + _BATCH] for i in range(0, len(images), _BATCH)]
    scaled = map(data.scale, progress(batches, total=len(batches)))
    return extract(protocol, extractor, scaled, class_names)


def _sources_sha256(protocol):
    """Of the code that made the features and their floor: what a mend of a metric makes stale.

    None where code of the user's own cannot be read, as in a notebook: nobody could tell that it changed.
    """
    used = [metrics.EXTRACTORS[protocol.extractor], *(metrics.METRICS[name] for name in protocol.metrics)]
    try:
        others = {pathlib.Path(inspect.getsourcefile(each) or "") for one in used for each in _defined_by(one)}
        ours = [pathlib.Path(divergences.__file__), *pathlib.Path(metrics.__file__).parent.glob("*.py")]
        paths = sorted({*ours, *others})
        return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    except (OSError, TypeError):
        return None


def _defined_by(registered):
    """A function, or a class and its bases but for Python's own, which have no files."""
    if not isinstance(registered, type):
        return [inspect.unwrap(registered)]
    return [each for each in registered.__mro__ if each.__module__ != "builtins"]
