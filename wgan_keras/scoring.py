"""Scores of a model under a named protocol, against a reference that is made once and kept beside the data."""

import contextlib
import hashlib
import inspect
import json
import pathlib
import warnings
import zipfile
import zlib

import numpy as np

from wgan_keras import data, metrics
from wgan_keras._files import cache_folder
from wgan_keras.saving import NotWrittenError, whole_file
from wgan_keras.temporaries import DAY, remove_abandoned

_BATCH = 256  # images made or extracted at once


def _silent(batches, total):
    return batches


def reference(protocol, data_name=None, data_dir=None, image_size=None, weights=None, progress=_silent):
    """The `metrics.Evaluation` of a protocol on a data set of `wgan_keras.data`, its features from the cache.

    Args:
        protocol: a name such as "fid_fashion_mnist_classifier_10k".
        data_name, data_dir, image_size: as in `wgan_keras.data.load`; no name is needed where the extractor or the
            mixture belongs to one data set.
        weights: of the extractor "inception", a file.
        progress: wraps the batches of images while features are made, as `tqdm.tqdm(batches, total=how_many)`.

    Features, and what real images score, are kept in `~/.cache/wgan_keras`, under the sha256 of the images, the
    extractor's card, the protocol and the sources of `wgan_keras.metrics`. Where it cannot be written they are made
    anew each time, with a warning.
    """
    protocol = metrics.parse_protocol(protocol)
    data_name = data_name or protocol.mixture or metrics.EXTRACTORS[protocol.extractor].data
    if data_name is None:
        raise ValueError(f"{protocol.name} does not say which data it is about; give the data's name or folder.")
    train, test = (data.load_raw(data_name, split, data_dir, image_size) for split in data.SPLITS)
    extractor = metrics.load_extractor(protocol.extractor, weights)
    evaluation = _kept_or_made(protocol, extractor, train, test, str(data_name), progress)
    evaluation.sample_shape = train.shape[1:]
    return evaluation


def _kept_or_made(protocol, extractor, train, test, data_name, progress):
    known = {"name": data_name, "sha256": data.sha256(train, test)}
    key = _key(known["sha256"], extractor.card, protocol)
    path = cache_folder() / f"{protocol.name}_{key[:16]}.npz"
    kept = _read(path)
    if kept is not None:
        with contextlib.suppress(KeyError, ValueError, TypeError, AttributeError, IndexError):  # else made again
            return _evaluation(protocol, extractor, kept, known)
    features = _features(protocol, extractor, train, test, progress)
    evaluation = _evaluation(protocol, extractor, features, known)
    remove_abandoned(path.parent, DAY)
    try:
        with whole_file(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, floor=json.dumps(evaluation.floor), **features)
    except NotWrittenError as error:
        warnings.warn(f"The features of {data_name} will be made again next time: {error}", stacklevel=3)
    return evaluation


def check_evaluation(recipe):
    """A recipe's evaluation has a protocol that goes with its data and says which state is better.

    Raises:
        ValueError: it has not.
    """
    if recipe.evaluation is None:
        return
    protocol = metrics.parse_protocol(recipe.evaluation["protocol"])
    if protocol.mixture not in (None, recipe.data["name"]):
        raise ValueError(f"evaluation 'protocol' is {protocol.name!r}, but the data are {recipe.data['name']!r}.")
    if not protocol.has_best:
        raise ValueError(
            f"evaluation 'protocol' is {protocol.name!r}, whose best state would be the one that copies most; expected "
            "one that measures quality, such as fid_... or all_..."
        )


def evaluate(model, evaluation, seed=0, progress=_silent):
    """The `metrics.Report` of as many samples of a model as the protocol asks for; one seed, one report."""
    count = evaluation.protocol.count
    return evaluation.report(progress(model.sample_batches(count, seed, batch_size=_BATCH), total=-(-count // _BATCH)))


def evaluate_samples(samples, evaluation, seed=0, progress=_silent):
    """The `metrics.Report` of samples of any program, `data.Samples`; of more than the protocol asks for, by `seed`."""
    read = samples.read(evaluation.sample_shape, evaluation.protocol.count, seed)
    batches = [read[i : i + _BATCH] for i in range(0, len(read), _BATCH)]
    return evaluation.report(map(data.scale, progress(batches, total=len(batches))))


def _read(path):
    """What the cache keeps in a file; None if it is not there or not whole."""
    try:
        with np.load(path) as file:
            return dict(file)
    except (OSError, EOFError, ValueError, KeyError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None


def _evaluation(protocol, extractor, kept, known):
    """From what the cache keeps: features, class probabilities if any, and the floor once it is known."""
    splits = (metrics.Extracted(kept[split], kept.get(f"{split}_probabilities")) for split in data.SPLITS)
    evaluation = metrics.Evaluation(protocol, extractor, *splits, kept.get("all_train"), known)
    if "floor" in kept:
        evaluation.floor = json.loads(str(kept["floor"]))
    return evaluation


def _features(protocol, extractor, train, test, progress):
    found = {}
    for split, images in zip(data.SPLITS, (train, test), strict=True):
        extracted = _extract(extractor, protocol.draw(images), progress)
        found[split] = extracted.features
        if extracted.probabilities is not None:
            found[f"{split}_probabilities"] = extracted.probabilities
    if protocol.needs_training_images:
        found["all_train"] = _extract(extractor, train, progress).features
    return found


def _extract(extractor, images, progress):
    batches = [images[i : i + _BATCH] for i in range(0, len(images), _BATCH)]
    return extractor(map(data.scale, progress(batches, total=len(batches))))


def _key(images_sha256, card, protocol):
    of = (_sources_sha256(protocol), images_sha256, sorted(card.items()), protocol)
    return hashlib.sha256(repr(of).encode()).hexdigest()


def _sources_sha256(protocol):
    """Of the code that made the features and their floor: what a mend of a metric makes stale."""
    own = pathlib.Path(metrics.__file__).parent.glob("*.py")
    others = (inspect.getsourcefile(metrics.METRICS[name]) for name in protocol.metrics)
    paths = sorted({*own, *(pathlib.Path(path) for path in others if path)})
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
